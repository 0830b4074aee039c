"""What Auto tries: all of it known, none twice, the surest first, and told in words."""

import pytest
from vectors import clustered_rows

from shopsim import ShopsimError
from shopsim.clusterers import clusterers
from shopsim.grouping.recipe import Recipe
from shopsim.spaces import spaces
from shopsim.tuning.branch_cuts import AVERAGE_LINKAGES
from shopsim.tuning.candidate import CUT_AT_A_VALUE, Candidate
from shopsim.tuning.candidates import auto_candidates, learned_candidates, metric_candidates

FUSED = Candidate(Recipe("whitened", {"strength": 0.5, "components": 64}, "average", {}), (("color_shape", 0.3),))


@pytest.mark.parametrize("companions", [(), ("a",), ("a", "b")])
def test_every_candidate_is_another_one_and_can_be_built(companions):
    candidates = auto_candidates(companions)
    assert len({candidate.digest for candidate in candidates}) == len(candidates)
    for candidate in candidates:
        spaces.create(candidate.recipe.space, **candidate.recipe.space_settings)
        clusterers.create(candidate.recipe.clusterer, **candidate.recipe.clusterer_settings)
        assert candidate.is_cut_by_rules == (candidate.recipe.clusterer in AVERAGE_LINKAGES)
        assert candidate.is_cut_by_rules != (candidate.recipe.clusterer in CUT_AT_A_VALUE)
        assert {name for name, _ in candidate.added} <= set(companions)
        assert sum(candidate.shares("main").values()) == pytest.approx(1)


@pytest.mark.parametrize("companions", [(), ("a",)])
@pytest.mark.parametrize("made", [metric_candidates, lambda names: learned_candidates(("parent", *names))])
def test_candidates_for_what_was_learnt_are_all_others_and_can_be_built(made, companions):
    candidates = made(companions)
    assert len({candidate.digest for candidate in candidates}) == len(candidates)
    assert len({candidate.describe("main") for candidate in candidates}) == len(candidates)
    for candidate in candidates:
        spaces.create(candidate.recipe.space, **candidate.recipe.space_settings)
        assert sum(candidate.shares("main").values()) == pytest.approx(1)


def test_spaces_that_learn_come_with_what_is_learnt_and_only_where_they_can_be_judged():
    def learning(candidates):
        return {
            each.space for candidate in candidates for each in candidate.in_spaces if spaces.entry(each.space).learns
        }

    assert learning(metric_candidates(("a",))) == {"wccn", "lda", "projection"}
    assert learning(learned_candidates(("parent", "a"))) == {"wccn"}
    assert not learning(auto_candidates(("a",)))
    assert not learning(learned_candidates(("parent", "a"), metrics=False))


@pytest.mark.parametrize("companions", [(), ("a",)])
def test_what_a_network_learnt_is_tried_first_as_it_is_beside_what_it_was_learnt_from_in_a_metric(companions):
    first = learned_candidates(("parent", *companions))[0]
    assert (first.recipe.space, first.added_in.space) == ("raw", "wccn")
    assert [name for name, _ in first.added] == ["parent", *companions]


def test_what_is_tried_without_companions_is_tried_with_them_too():
    alone, both = ({each.digest for each in auto_candidates(names)} for names in ((), ("a",)))
    assert alone < both


def test_the_surest_come_first_since_time_may_run_out():
    first, second, *_ = auto_candidates(("a",))
    assert (first.recipe.space, second.recipe.space) == ("whitened", "raw")
    assert first.added == second.added == ()


def test_a_second_network_is_tried_first_at_one_half_then_none_then_both_companions():
    candidates = auto_candidates(("mobilenet_v2", "color_shape"))
    by_average = [each.added for each in candidates if each.recipe.clusterer == "average"]
    half, both = (("mobilenet_v2", 0.5),), (("mobilenet_v2", 0.4), ("color_shape", 0.2))
    assert by_average[:6] == [half, half, (), (), both, both]
    assert (("color_shape", 0.3),) in by_average
    assert metric_candidates(("mobilenet_v2",))[1].added == half
    assert half in [each.added for each in learned_candidates(("efficientnet_lite0", "mobilenet_v2", "color_shape"))]


def test_a_trained_network_is_tried_with_its_parent_and_the_second_network_before_colour():
    (first, *_) = learned_candidates(("efficientnet_lite0", "mobilenet_v2", "color_shape"))
    assert [name for name, _ in first.added] == ["efficientnet_lite0", "mobilenet_v2"]


@pytest.mark.parametrize("companions", [(), ("mobilenet_v2", "color_shape")])
def test_the_contests_k_means_is_tried_early_and_unnormalised_only_where_such_rows_are_there(companions):
    candidates = auto_candidates(companions, unnormalised=True)
    k_means = [each for each in candidates if each.is_cut_by_count]
    assert k_means[0] == Candidate(Recipe("raw", {}, "kmeans", {}), unnormalised=True)
    assert k_means[0].describe("net") == "net, not normalised, kmeans"
    assert candidates.index(k_means[0]) <= 4
    assert [each.added for each in k_means[1:]] == [(), *((((name, 0.5),)) for name in companions[:1])]
    assert len({each.digest for each in candidates}) == len(candidates)
    assert auto_candidates(companions) == [each for each in candidates if not each.unnormalised]


def test_other_clusterers_are_tried_on_both_spaces_of_the_main_extractor_after_all_average_linkages():
    candidates = auto_candidates(("a",))
    others = [each for each in candidates if not each.is_cut_by_rules and not each.is_cut_by_count]
    assert [(each.recipe.clusterer, each.recipe.space) for each in others] == [
        (name, space) for name in CUT_AT_A_VALUE if name != "kmeans" for space in ("whitened", "raw")
    ]
    assert not any(candidate.added for candidate in others)
    assert candidates[-len(others) :] == others


@pytest.mark.parametrize("name", CUT_AT_A_VALUE)
def test_the_kind_that_is_told_of_a_clusterer_is_that_of_its_control(name):
    for n_rows in (0, 1, 30):
        assert clusterers.create(name).fit(clustered_rows(n_rows)).control.kind == CUT_AT_A_VALUE[name]


def test_the_digest_knows_the_shares():
    others = [Candidate(FUSED.recipe), Candidate(FUSED.recipe, (("color_shape", 0.5),))]
    assert len({candidate.digest for candidate in (FUSED, *others)}) == 3


def test_it_is_told_in_words_without_what_follows_from_the_photos():
    assert FUSED.describe("net") == "net 70% + color_shape 30%, whitened (strength 0.5), average"
    assert Candidate(Recipe("raw", {}, "average_local", {})).describe("net") == "net, raw, average_local"


def test_shares_out_of_range_are_refused():
    with pytest.raises(ShopsimError, match="'a'"):
        Candidate(FUSED.recipe, (("a", 1.5),)).shares("main")

"""Extractors added in a space of their own: fitted, fused, kept and told as such."""

import json
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score
from tuned_cases import photos, rows_of, second_view

from shopsim import ShopsimError
from shopsim.base.disk.records import record
from shopsim.base.disk.store import Store
from shopsim.cli.tuned_on import settings_fields
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.folds import model_folds
from shopsim.spaces.fusion import fused
from shopsim.tuning.apply import group_as_tuned
from shopsim.tuning.candidates import Candidate, learned_candidates
from shopsim.tuning.level_cuts import fit_space
from shopsim.tuning.member_json import MemberRecord, member_of, member_to_dict
from shopsim.tuning.search import search
from shopsim.tuning.settings_json import arrays_of, from_dict, to_dict
from shopsim.tuning.tune import tune
from shopsim.tuning.tuned_groups import consensus_for_size
from shopsim.tuning.validation import Validation, ValidationRows

RAW, WITHIN = Recipe("raw", {}, "average", {}), Recipe("wccn", {"shrinkage": 0.6}, "average", {})
SAME = Candidate(RAW, (("other", 0.4),))
OWN = Candidate(RAW, (("other", 0.4),), WITHIN)


@pytest.fixture(scope="module")
def settings():
    """Tuned with that candidate alone."""
    catalog, features = photos()
    found = tune(catalog, features, "fake", {}, {"other": second_view(features)}, n_to_group=20)
    views = {"fake": features.vectors, "other": second_view(features).vectors}
    member = replace(found.members[0], candidate=OWN, weight=1.0)
    spaces = {("fake", RAW.space_digest): fit_space(views["fake"], RAW)}
    spaces |= {("other", WITHIN.space_digest): fit_space(views["other"], WITHIN, catalog.labels_true)}
    return replace(found, members=(member,), fitted=spaces)


def plain(settings):
    return json.loads(json.dumps(to_dict(settings)))


def test_each_part_is_in_its_own_space_fitted_to_the_tuning_models():
    rows, labels = rows_of(12, 6)
    views = {"main": rows, "other": rows[:, ::-1].copy()}
    fold = model_folds(labels, 4)[0]
    found = ValidationRows(Validation.of(views, [fold]), labels, [SAME, OWN])
    fitted = fit_space(views["other"][fold.tuning], found.candidates[1].added_in, labels[fold.tuning])
    expected = fused([rows[fold.held_out], fitted.transform(views["other"][fold.held_out])], [0.6, 0.4])
    same, own = (found.of(candidate, 0) for candidate in found.candidates)
    assert np.allclose(own, expected, atol=1e-6)
    assert not np.allclose(same @ same.T, expected @ expected.T, atol=0.01)


def test_a_space_of_those_added_keeps_to_the_components_that_the_photos_bear():
    rows, labels = rows_of(12, 6)
    wide = replace(OWN, added_in=replace(WITHIN, space_settings={"components": 500}))
    fold = model_folds(labels, 4)[0]
    found = ValidationRows(Validation.of({"main": rows, "other": rows}, [fold]), labels, [wide]).candidates
    assert found[0].added_in.space_settings["components"] == len(fold.tuning) // 4


def test_it_is_another_candidate_and_told_in_words():
    assert OWN.digest != SAME.digest
    assert OWN.describe("net") == "net 60%, raw, + other 40%, wccn (shrinkage 0.6), average"
    assert [OWN.in_space(name, "net").space for name in ("net", "other")] == ["raw", "wccn"]
    assert [SAME.in_space(name, "net").space for name in ("net", "other")] == ["raw", "raw"]


def test_what_helps_only_one_of_them_is_found():
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(24), 8)
    known, rows = 0.4 * rng.standard_normal((len(labels), 10)), rng.standard_normal((24, 10))[labels]
    main = rows + 3 * known
    # What differs between photos of one model stands beside what tells models apart.
    other = np.concatenate([rows + known, 3 * rng.standard_normal((len(labels), 6))], axis=1)
    views = {
        name: (each / np.linalg.norm(each, axis=1, keepdims=True)).astype(np.float32)
        for name, each in {"main": main, "other": other}.items()
    }
    found = search(views, labels, 48, [SAME, OWN])
    assert found.trials[0].candidate.added_in.space == "wccn"
    assert found.trials[0].score > found.trials[1].score + 0.02


def test_settings_are_there_and_back_the_same_and_group_the_same(settings, tmp_path):
    again = from_dict(plain(settings), arrays_of(settings), "settings.json")
    assert (again.digest, again.members) == (settings.digest, settings.members)
    catalog, features = photos(seed=1)
    others = {"other": second_view(features)}
    first, second = (
        group_as_tuned(catalog, features, others, each, Store(tmp_path / name))
        for name, each in (("a", settings), ("b", again))
    )
    assert first.tree.linkage.tolist() == second.tree.linkage.tolist()
    assert first.vectors.tolist() == second.vectors.tolist()


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("added_space", "wcn", "'wcn'"),
        ("added_space", 3, r"'members\[0\].added_space'"),
        ("added_space_settings", [], r"'members\[0\].added_space_settings'"),
    ],
)
def test_a_space_that_is_none_is_refused_by_name(settings, field, value, told):
    values = plain(settings)
    values["members"][0][field] = value
    with pytest.raises(ShopsimError, match=told):
        from_dict(values, arrays_of(settings), "settings.json")


def test_settings_without_such_a_space_go_by_the_name_they_always_had(settings):
    assert "added_in" not in repr(settings.members)
    same = replace(settings, members=(replace(settings.members[0], candidate=replace(OWN, added_in=None)),))
    other = replace(OWN, added_in=replace(WITHIN, space_settings={"shrinkage": 0.5}))
    others = replace(settings, members=(replace(settings.members[0], candidate=other),))
    assert len({settings.digest, same.digest, others.digest}) == 3


@pytest.mark.parametrize("candidate", learned_candidates(("other",))[:12], ids=lambda each: each.describe("main"))
def test_what_is_tried_beside_a_network_is_there_and_back_the_same(settings, candidate):
    member = replace(settings.members[0], candidate=candidate)
    read = record(json.loads(json.dumps(member_to_dict(member))), MemberRecord)
    assert member_of(read, ["fake", "other"], "members[0]") == member


def test_for_models_of_another_size_the_spaces_are_the_same(settings):
    catalog, features = photos(seed=1)
    views = {"fake": features.vectors, "other": second_view(features).vectors}
    local = replace(OWN, recipe=replace(RAW, clusterer="dbscan"))
    trees = [
        consensus_for_size([replace(settings.members[0], candidate=each)], settings.fitted, views, 5.0)
        for each in (OWN, local)
    ]
    assert trees[0].linkage.tolist() == trees[1].linkage.tolist()
    assert ari_of(catalog, trees[0]) > 0.5


def ari_of(catalog, tree):
    return adjusted_rand_score(catalog.labels_true, tree.cut(tree.control.default))


def test_the_command_tells_the_shares_and_the_space_of_those_added(settings):
    fields = settings_fields(settings)
    assert fields["shares"] == {"fake": pytest.approx(0.6), "other": 0.4}
    assert (fields["added_space"], fields["added_space_settings"]) == ("wccn", {"shrinkage": 0.6})


def test_a_space_of_those_added_is_not_written_where_it_is_the_main_ones(settings):
    member = replace(settings.members[0], candidate=SAME)
    values = plain(replace(settings, members=(member,)))
    assert not [field for field in values["members"][0] if field.startswith("added_")]

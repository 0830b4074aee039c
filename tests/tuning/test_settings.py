"""Tuned settings as plain values: there and back again, and every fault of an edited file in one sentence."""

import json
import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tuned_cases import tuned_once, with_other_clusterers
from vectors import clustered_rows

from shopsim import ShopsimError
from shopsim.spaces import spaces
from shopsim.tuning.branch_cuts import AVERAGE_LINKAGES
from shopsim.tuning.candidate import CUT_AT_A_VALUE
from shopsim.tuning.settings_json import FORMAT, arrays_of, from_dict, to_dict
from shopsim.tuning.tuned_groups import consensus
from shopsim.tuning.validation import with_unnormalised

WRONG = [None, True, -1, 0, 0.5, math.nan, math.inf, -math.inf, 1e308, 10**400, "", "x", [], {}, [None], [{}], {"x": 1}]


@cache
def with_others():
    return with_other_clusterers(tuned())


def plain(settings=None):
    """The settings as they stand in the file."""
    return json.loads(json.dumps(to_dict(settings or tuned())))


def tuned():
    return tuned_once(added=True)


def read(values, arrays=None):
    return from_dict(values, arrays_of(tuned()) if arrays is None else arrays, "settings.json")


def refused(values, arrays=None):
    """The one sentence with which it is refused."""
    with pytest.raises(ShopsimError) as caught:
        read(values, arrays)
    told = str(caught.value)
    assert told.startswith("'settings.json' holds no tuned settings that can be used: ")
    assert "\n" not in told
    assert len(told) < 600
    return told


def places(values, at=()):
    """Where there is anything in a tree of lists and objects; of long lists only the first two."""
    inside = values.items() if isinstance(values, dict) else enumerate(values[:2]) if isinstance(values, list) else ()
    for key, value in inside:
        yield (*at, key)
        yield from places(value, (*at, key))


def changed(place, value=None, drop=False, of=None):
    """The plain values of these settings, different at one place."""
    copied = plain(of)
    inside = copied
    for key in place[:-1]:
        inside = inside[key]
    if drop:
        del inside[place[-1]]
    else:
        inside[place[-1]] = value
    return copied


def fields():
    """The places that have a name."""
    return [place for place in places(plain()) if isinstance(place[-1], str)]


def path(place):
    """The path of a place as a sentence tells it."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")


def test_there_and_back_it_is_the_same():
    again = read(plain())
    assert to_dict(again) == to_dict(tuned())
    assert (again.digest, again.name, again.members) == (tuned().digest, tuned().name, tuned().members)
    assert (again.prior, again.tuned_on, again.extractors) == (tuned().prior, tuned().tuned_on, tuned().extractors)
    assert again.fitted.keys() == tuned().fitted.keys()


def test_other_clusterers_are_there_and_back_the_same():
    again = read(plain(with_others()))
    assert to_dict(again) == to_dict(with_others())
    assert (again.digest, again.members) == (with_others().digest, with_others().members)
    assert again.digest != tuned().digest
    assert {member.candidate.recipe.clusterer for member in again.members} > CUT_AT_A_VALUE.keys()


def test_a_file_from_before_there_were_other_clusterers_is_read_as_ever():
    fields = {"space", "space_settings", "clusterer", "clusterer_settings", "added", "rule", "score", "weight", "slope"}
    for member in (each for each in plain()["members"] if each["clusterer"] in AVERAGE_LINKAGES):
        assert member.keys() == fields
        assert member["rule"].keys() == {"threshold", "size_power", "prior_weight"}
    assert (FORMAT, read(plain()).digest) == (1, tuned().digest)


def test_a_restored_space_gives_the_same_rows_to_the_last_bit():
    again = read(plain())
    n_features = {use.name: use.n_features for use in tuned().extractors}
    for (name, digest), space in tuned().fitted.items():
        rows = np.random.default_rng(0).standard_normal((9, n_features[name])).astype(np.float32)
        assert again.fitted[name, digest].transform(rows).tolist() == space.transform(rows).tolist()


def test_settings_made_by_another_version_of_a_space_say_so():
    values = plain()
    name = values["members"][0]["space"]
    with spaces.temporarily(replace(spaces.entry(name), version=99)):
        assert "another version of the space; tune again" in refused(values)
    read(values)


def test_what_changes_the_groups_changes_the_digest_and_a_score_does_not():
    assert read(changed(("scores",), {"validation": 0.1})).digest == tuned().digest
    for place, value in [(("n_validation",), 19), (("sizes",), [5, 5]), (("members", 0, "rule", "threshold"), 0.123)]:
        assert read(changed(place, value)).digest != tuned().digest
    arrays = arrays_of(tuned())
    name = sorted(arrays)[0]
    assert read(plain(), arrays | {name: arrays[name] + np.float32(0.25)}).digest != tuned().digest


def test_a_field_that_is_dropped_is_missed_by_name(subtests):
    for place in fields():
        with subtests.test(place="/".join(map(str, place))):
            missed_by_name(place)


def missed_by_name(place):
    if place in [("calibration",), ("comparison",)]:
        assert getattr(read(changed(place, drop=True)), place[0]) is None
    elif place[0] == "trials" and place[-1] in ("score", "threshold", "size_power", "prior_weight"):
        # Only shown, where it is there.
        read(changed(place, drop=True))
    elif place[-1] == "unnormalised":
        assert not read(changed(place, drop=True)).members[place[1]].candidate.unnormalised
    elif "settings" in place[:-1] or "space_settings" in place[:-1] or "added" in place[:-1]:
        # What is left is other settings, whose arrays are not there, or ones that are read as their defaults.
        try_to_read(changed(place, drop=True))
    else:
        assert f"'{path(place)}' is missing; it must " in refused(changed(place, drop=True))


def try_to_read(values):
    """It is refused in one sentence, or can be used: never anything else."""
    try:
        found = read(values)
    except ShopsimError:
        refused(values)
        return
    rows = {use.name: clustered_rows(6, use.n_features) for use in found.extractors}
    rows = with_unnormalised(rows, next(iter(rows.values())))
    tree = consensus(found.members, found.fitted, rows, found.prior, found.n_validation)
    assert tree.cut(tree.control.default).shape == (6,)
    assert found.name
    assert json.loads(json.dumps(to_dict(found)))


@given(st.deferred(lambda: st.sampled_from(list(places(plain())))), st.sampled_from(WRONG))
@settings(max_examples=300, deadline=None)
def test_a_wrong_value_anywhere_is_refused_in_one_sentence_or_is_none(place, value):
    try_to_read(changed(place, value))


names_of_fields = st.deferred(lambda: st.sampled_from(sorted(plain())))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names_of_fields, inner, max_size=9),
    )
)
@settings(max_examples=200, deadline=None)
def test_anything_else_is_refused_in_one_sentence(values):
    refused(values)


NUMBERED = {"threshold", "size_power", "prior_weight", "score", "weight", "slope", "n_validation", "n_features"}


@pytest.mark.parametrize("value", [None, True, "1", math.nan, math.inf, -math.inf, -1e9, 1e308, 10**400, [1]])
def test_a_number_that_is_none_or_out_of_range_is_refused_by_name(value, subtests):
    for place in fields():
        if place[0] != "trials" and place[-1] in NUMBERED:
            with subtests.test(place="/".join(map(str, place))):
                assert f"'{path(place)}' is" in refused(changed(place, value))


OTHER_PLACES = list(enumerate(CUT_AT_A_VALUE, start=1))


@pytest.mark.parametrize("number, name", OTHER_PLACES)
@pytest.mark.parametrize("value", [*WRONG, -1e9, "0.5", [1]])
def test_a_value_that_is_none_is_refused_by_name(number, name, value):
    told = changed(("members", number, "rule", "value"), value, of=with_others())
    least = {"leiden": 0, "kmeans": 0.01}.get(name, -1)
    if type(value) in (int, float) and least <= value <= 1:
        assert read(told).members[number].rule.value == value
    else:
        assert f"'members[{number}].rule.value' is" in refused(told)


@pytest.mark.parametrize("number, name", OTHER_PLACES)
@pytest.mark.parametrize("kind", [*WRONG, "count", "Similarity", "similarity", "resolution", "x" * 9999])
def test_a_kind_that_is_not_the_clusterers_own_is_refused_by_name(number, name, kind):
    told = changed(("members", number, "rule", "kind"), kind, of=with_others())
    if kind == CUT_AT_A_VALUE[name]:
        read(told)
    else:
        assert f"'members[{number}].rule.kind' is" in refused(told)


def test_a_rule_of_another_clustering_is_refused_by_what_it_lacks():
    by_rules, at_a_value = (plain(with_others())["members"][number]["rule"] for number in (0, 1))

    def told(place, *given, **how):
        return refused(changed(("members", *place), *given, **how, of=with_others()))

    assert "'members[1].rule.kind' is missing" in told((1, "rule"), by_rules)
    assert "'members[0].rule.threshold' is missing" in told((0, "rule"), at_a_value)
    for name in ("kind", "value"):
        assert f"'members[1].rule.{name}' is missing" in told((1, "rule", name), drop=True)
    assert "'members[1].rule.threshold' is missing" in told((1, "clusterer"), "average")


def places_in_other_members():
    members = plain(with_others())["members"]
    return [("members", number, *place) for number, _ in OTHER_PLACES for place in places(members[number])]


@given(st.deferred(lambda: st.sampled_from(places_in_other_members())), st.sampled_from(WRONG))
@settings(max_examples=100, deadline=None)
def test_a_wrong_value_anywhere_in_another_member_is_refused_in_one_sentence_or_is_none(place, value):
    try_to_read(changed(place, value, of=with_others()))


@pytest.mark.parametrize(
    "place, value, reason",
    [
        (("format",), FORMAT + 1, "this version reads"),
        (("extractors",), [], "'extractors'"),
        (("members",), [], "'members'"),
        (("sizes",), [], "'sizes'"),
        (("sizes",), [3, 10**400], "'sizes[1]'"),
        (("n_validation",), 10**6, "'n_validation'"),
        (("scores",), {}, "'scores.validation'"),
        (("members", 0, "space"), "folded", "Unknown space 'folded'"),
        (("members", 0, "space_settings"), {"size": 3}, "no setting 'size'"),
        (("members", 0, "clusterer"), "heap", "Unknown clusterer 'heap'"),
        (("members", 0, "clusterer"), "som", "one of average, average_local"),
        (("members", 0, "unnormalised"), 3, "'members[0].unnormalised'"),
        (("members", 0, "clusterer"), "single", "one of average, average_local"),
        (("members", 0, "added"), {"third": 0.3}, "'third'"),
        (("members", 0, "added"), {"other": 0.95}, "share"),
        (("members", 0, "added"), {"fake": 0.3}, "main extractor"),
        (("extractors", 1, "name"), "fake", "named once"),
        (("extractors", 0, "n_features"), 15, "15 numbers per photo"),
        (("calibration",), {"share": 2}, "calibration"),
    ],
)
def test_what_is_wrong_is_told(place, value, reason):
    assert reason in refused(changed(place, value))


def test_no_array_may_be_missing_or_of_another_shape(subtests):
    arrays = arrays_of(tuned())
    for name, array in arrays.items():
        without = {other: kept for other, kept in arrays.items() if other != name}
        with subtests.test(name):
            assert name in refused(plain(), without)
            for wrong in (array[:-1], array[None], array.ravel()[:3], array[..., :0], np.float32(1)):
                refused(plain(), without | {name: wrong})


def test_no_array_at_all_is_not_taken_for_raw_vectors():
    assert "missing" in refused(plain(), {})


def test_arrays_that_are_not_listed_are_let_be():
    assert read(plain(), arrays_of(tuned()) | {"notes": np.zeros(3, np.float32)}).digest == tuned().digest

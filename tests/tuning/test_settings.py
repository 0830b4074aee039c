"""Tuned settings as plain values: there and back again, and every fault of an edited file in one sentence."""

import copy
import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tuned_cases import photos, tuned_settings, with_other_clusterers
from vectors import clustered_rows

from shopsim import ShopsimError
from shopsim.tuning.candidates import CUT_AT_A_VALUE
from shopsim.tuning.settings_json import FORMAT, arrays_of, from_dict, to_dict
from shopsim.tuning.tuned_groups import consensus

TUNED = tuned_settings(added=True)
ALONE = tuned_settings(seed=2)
PLAIN = json.loads(json.dumps(to_dict(TUNED)))
WITH_OTHERS = with_other_clusterers(TUNED)
PLAIN_OTHERS = json.loads(json.dumps(to_dict(WITH_OTHERS)))
WRONG = [None, True, -1, 0, 0.5, math.nan, math.inf, -math.inf, 1e308, 10**400, "", "x", [], {}, [None], [{}], {"x": 1}]


def read(values, arrays=None):
    return from_dict(values, arrays_of(TUNED) if arrays is None else arrays, "settings.json")


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


def changed(place, value=None, drop=False, plain=PLAIN):
    """A copy of the values that is different at one place."""
    copied = copy.deepcopy(plain)
    inside = copied
    for key in place[:-1]:
        inside = inside[key]
    if drop:
        del inside[place[-1]]
    else:
        inside[place[-1]] = value
    return copied


def path(place):
    """The path of a place as a sentence tells it."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")


PLACES = list(places(PLAIN))
FIELDS = [place for place in PLACES if isinstance(place[-1], str)]


def test_there_and_back_it_is_the_same():
    again = read(PLAIN)
    assert to_dict(again) == to_dict(TUNED)
    assert (again.digest, again.name, again.members) == (TUNED.digest, TUNED.name, TUNED.members)
    assert (again.prior, again.tuned_on, again.extractors) == (TUNED.prior, TUNED.tuned_on, TUNED.extractors)
    assert again.fitted.keys() == TUNED.fitted.keys()


def test_other_clusterers_are_there_and_back_the_same():
    again = read(PLAIN_OTHERS)
    assert to_dict(again) == to_dict(WITH_OTHERS)
    assert (again.digest, again.members) == (WITH_OTHERS.digest, WITH_OTHERS.members)
    assert again.digest != TUNED.digest
    assert {member.candidate.recipe.clusterer for member in again.members} > CUT_AT_A_VALUE.keys()


def test_a_file_from_before_there_were_other_clusterers_is_read_as_ever():
    fields = {"space", "space_settings", "clusterer", "clusterer_settings", "added", "rule", "score", "weight", "slope"}
    for member in PLAIN["members"]:
        assert member.keys() == fields
        assert member["rule"].keys() == {"threshold", "size_power", "prior_weight"}
    assert (FORMAT, read(PLAIN).digest) == (1, TUNED.digest)


def test_a_restored_space_gives_the_same_rows_to_the_last_bit():
    again = read(PLAIN)
    n_features = {use.name: use.n_features for use in TUNED.extractors}
    for (name, digest), space in TUNED.fitted.items():
        rows = np.random.default_rng(0).standard_normal((9, n_features[name])).astype(np.float32)
        assert again.fitted[name, digest].transform(rows).tolist() == space.transform(rows).tolist()


def test_what_changes_the_groups_changes_the_digest_and_a_score_does_not():
    assert read(changed(("scores",), {"validation": 0.1})).digest == TUNED.digest
    for place, value in [(("n_validation",), 19), (("sizes",), [5, 5]), (("members", 0, "rule", "threshold"), 0.123)]:
        assert read(changed(place, value)).digest != TUNED.digest
    arrays = arrays_of(TUNED)
    name = sorted(arrays)[0]
    assert read(PLAIN, arrays | {name: arrays[name] + np.float32(0.25)}).digest != TUNED.digest


@pytest.mark.parametrize("place", FIELDS, ids=lambda place: "/".join(map(str, place)))
def test_a_field_that_is_dropped_is_missed_by_name(place):
    if place[0] == "calibration" and len(place) == 1:
        assert read(changed(place, drop=True)).calibration is None
    elif place[0] == "trials" and place[-1] in ("score", "threshold", "size_power", "prior_weight"):
        # Only shown, where it is there.
        read(changed(place, drop=True))
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
    tree = consensus(found.members, found.fitted, rows, found.prior, found.n_validation)
    assert tree.cut(tree.control.default).shape == (6,)
    assert found.name
    assert json.loads(json.dumps(to_dict(found)))


@given(st.sampled_from(PLACES), st.sampled_from(WRONG))
@settings(max_examples=300, deadline=None)
def test_a_wrong_value_anywhere_is_refused_in_one_sentence_or_is_none(place, value):
    try_to_read(changed(place, value))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(PLAIN)), inner, max_size=9),
    )
)
@settings(max_examples=200, deadline=None)
def test_anything_else_is_refused_in_one_sentence(values):
    refused(values)


NUMBERED = {"threshold", "size_power", "prior_weight", "score", "weight", "slope", "n_validation", "n_features"}
NUMBERS = [place for place in FIELDS if place[0] != "trials" and place[-1] in NUMBERED]


@pytest.mark.parametrize("place", NUMBERS, ids=lambda place: "/".join(map(str, place)))
@pytest.mark.parametrize("value", [None, True, "1", math.nan, math.inf, -math.inf, -1e9, 1e308, 10**400, [1]])
def test_a_number_that_is_none_or_out_of_range_is_refused_by_name(place, value):
    assert f"'{path(place)}' is" in refused(changed(place, value))


OTHER_PLACES = list(enumerate(CUT_AT_A_VALUE, start=1))


@pytest.mark.parametrize("number, name", OTHER_PLACES)
@pytest.mark.parametrize("value", [*WRONG, -1e9, "0.5", [1]])
def test_a_value_that_is_none_is_refused_by_name(number, name, value):
    told = changed(("members", number, "rule", "value"), value, plain=PLAIN_OTHERS)
    if type(value) in (int, float) and -1 <= value <= 1 and not (value < 0 and name == "leiden"):
        assert read(told).members[number].rule.value == value
    else:
        assert f"'members[{number}].rule.value' is" in refused(told)


@pytest.mark.parametrize("number, name", OTHER_PLACES)
@pytest.mark.parametrize("kind", [*WRONG, "count", "Similarity", "similarity", "resolution", "x" * 9999])
def test_a_kind_that_is_not_the_clusterers_own_is_refused_by_name(number, name, kind):
    told = changed(("members", number, "rule", "kind"), kind, plain=PLAIN_OTHERS)
    if kind == CUT_AT_A_VALUE[name]:
        read(told)
    else:
        assert f"'members[{number}].rule.kind' is" in refused(told)


def test_a_rule_of_another_clustering_is_refused_by_what_it_lacks():
    by_rules, at_a_value = (PLAIN_OTHERS["members"][number]["rule"] for number in (0, 1))

    def told(place, *given, **how):
        return refused(changed(("members", *place), *given, **how, plain=PLAIN_OTHERS))

    assert "'members[1].rule.kind' is missing" in told((1, "rule"), by_rules)
    assert "'members[0].rule.threshold' is missing" in told((0, "rule"), at_a_value)
    for name in ("kind", "value"):
        assert f"'members[1].rule.{name}' is missing" in told((1, "rule", name), drop=True)
    assert "'members[1].rule.threshold' is missing" in told((1, "clusterer"), "average")


@given(
    st.sampled_from(
        [
            ("members", number, *place)
            for number, _ in OTHER_PLACES
            for place in (*places(PLAIN_OTHERS["members"][number]),)
        ]
    ),
    st.sampled_from(WRONG),
)
@settings(max_examples=100, deadline=None)
def test_a_wrong_value_anywhere_in_another_member_is_refused_in_one_sentence_or_is_none(place, value):
    try_to_read(changed(place, value, plain=PLAIN_OTHERS))


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
        (("members", 0, "clusterer"), "kmeans", "one of average, average_local"),
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


@pytest.mark.parametrize("name", sorted(arrays_of(TUNED)))
def test_no_array_may_be_missing_or_of_another_shape(name):
    arrays = arrays_of(TUNED)
    without = {other: array for other, array in arrays.items() if other != name}
    assert name in refused(PLAIN, without)
    for wrong in (
        arrays[name][:-1],
        arrays[name][None],
        arrays[name].ravel()[:3],
        arrays[name][..., :0],
        np.float32(1),
    ):
        refused(PLAIN, without | {name: wrong})


def test_no_array_at_all_is_not_taken_for_raw_vectors():
    assert "missing" in refused(PLAIN, {})


def test_arrays_that_are_not_listed_are_let_be():
    assert read(PLAIN, arrays_of(TUNED) | {"notes": np.zeros(3, np.float32)}).digest == TUNED.digest


@pytest.mark.parametrize(
    "catalog", ["../../etc", "a/b\\c", "..", "", "Schuhe für Ä", "靴" * 300, "\udcff\0\n", "CON", "a:b*c?", "~root"]
)
def test_a_name_is_one_that_a_folder_can_have(catalog):
    told = read(changed(("tuned_on", "catalog"), catalog)).name
    assert all(letter.isalnum() or letter in "-_" for letter in told)
    assert len(told.encode()) < 255
    assert told == told.strip()


def test_an_extractor_of_any_name_leads_nowhere_either():
    values = json.loads(json.dumps(to_dict(ALONE)).replace('"fake', '"../../fake'))
    arrays = {name.replace("fake", "../../fake"): array for name, array in arrays_of(ALONE).items()}
    assert "/" not in read(values, arrays).name


def test_photos_that_were_tuned_on_are_known_again():
    first, second, others = ([image.digest for image in photos(seed=seed)[0].images] for seed in (2, 0, 9))
    assert ALONE.n_seen([*first[:7], *others]) == 7
    assert TUNED.n_seen(second) == 100
    assert TUNED.n_seen(first) == 0

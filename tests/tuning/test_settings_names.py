"""Tuned settings have a name that a folder can have, and know the photos they were tuned on."""

import json

import pytest
from tuned_cases import photos, tuned_once

from shopsim.tuning.settings_json import arrays_of, from_dict, to_dict


def tuned():
    return tuned_once(added=True)


def alone():
    return tuned_once(seed=2)


@pytest.mark.parametrize(
    "catalog", ["../../etc", "a/b\\c", "..", "", "Schuhe für Ä", "靴" * 300, "\udcff\0\n", "CON", "a:b*c?", "~root"]
)
def test_a_name_is_one_that_a_folder_can_have(catalog):
    values = json.loads(json.dumps(to_dict(tuned())))
    values["tuned_on"]["catalog"] = catalog
    told = from_dict(values, arrays_of(tuned()), "settings.json").name
    assert all(letter.isalnum() or letter in "-_" for letter in told)
    assert len(told.encode()) < 255
    assert told == told.strip()


def test_an_extractor_of_any_name_leads_nowhere_either():
    values = json.loads(json.dumps(to_dict(alone())).replace('"fake', '"../../fake'))
    arrays = {name.replace("fake", "../../fake"): array for name, array in arrays_of(alone()).items()}
    assert "/" not in from_dict(values, arrays, "settings.json").name


def test_photos_that_were_tuned_on_are_known_again():
    first, second, others = ([image.digest for image in photos(seed=seed)[0].images] for seed in (2, 0, 9))
    assert alone().n_seen([*first[:7], *others]) == 7
    assert tuned().n_seen(second) == 100
    assert tuned().n_seen(first) == 0

"""The check that chooses what a labelled catalogue opens with, from a folder of photos."""

import shutil

from drawn_photos import draw_models

from shopsim.catalog.labels.contradictions import UNSCORED, settle
from shopsim.catalog.open_folder import load_catalog
from shopsim.grouping.fit import features_of
from shopsim.grouping.recipe import Recipe
from shopsim.tuning.candidates import Candidate
from shopsim.tuning.opening_check import check_opening, has_labels


def test_where_every_label_is_contradicted_the_default_setting_is_used(tmp_path):
    folder = draw_models(tmp_path / "photos", 2)
    for photo in sorted((folder / "m00").iterdir()):
        shutil.copy(photo, folder / "m01" / photo.name)
    for photo in (folder / "m01").iterdir():
        shutil.copy(photo, folder / "m00" / photo.name)
    whole = load_catalog(folder, cache=tmp_path)
    kept = settle(whole, way=UNSCORED)
    assert has_labels(whole)
    assert not has_labels(kept)
    features = features_of(kept, "color_shape", {}, tmp_path)
    found = check_opening(kept, features, "color_shape", tmp_path)
    assert found.candidate == Candidate(Recipe())
    assert (found.n_images, found.n_models) == (0, 0)
    assert found.sentence.startswith("The default setting is used")

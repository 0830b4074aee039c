"""Photos that were added stay, in the groups they joined."""

import numpy as np
import pytest
from drawn_photos import draw_photo
from match_cases import BLACK, COLOURS, group_of, grouped, keep, matched

from shopsim import ShopsimError
from shopsim.base.paths import home_dir
from shopsim.catalog.new_photos import open_new_photos
from shopsim.grouping.matching.additions import add_photos, additions_of, take_back_last
from shopsim.grouping.matching.matched import together_with
from shopsim.grouping.matching.regroup import regroup


@pytest.fixture
def added(catalog, new, store, fake_extractor):
    grouping, source = grouped(catalog, store)
    found = matched(grouping, source, new, store)
    keep(grouping, found)
    return grouping, source, found


def test_they_are_known_after_the_files_are_gone(added, new, catalog, store):
    grouping, _, found = added
    for path in new.iterdir():
        path.unlink()
    draw_photo(new / "black 3.png", BLACK, 904)
    again, source = grouped(catalog, store)
    later = matched(again, source, new, store)
    assert group_of(later, "black 3.png") == group_of(found, "black 1.png")
    assert later.matches.n_new_models == 0
    np.testing.assert_array_equal(again.labels_pred, grouping.labels_pred)


def test_no_file_of_the_catalogue_changes(added, catalog):
    names = sorted(path.name for path in catalog.folder.rglob("*.png"))
    assert len(names) == len(catalog.images)
    assert additions_of(added[0]).folder.is_relative_to(home_dir())


def test_they_are_added_once(added, store):
    grouping, _, found = added
    again = add_photos(grouping, additions_of(grouping), found.catalog.images, found.matches.group + 1)
    assert len(again.photos) == 4
    np.testing.assert_array_equal(again.groups(again.catalog(grouping.fitted.catalog)), found.matches.group)


@pytest.mark.usefixtures("fake_extractor")
def test_of_two_people_at_once_the_second_is_asked_to_match_again(catalog, store, tmp_path):
    grouping, source = grouped(catalog, store)
    draw_photo(tmp_path / "first/black.png", BLACK, 904)
    draw_photo(tmp_path / "second/white.png", (250, 250, 250), 905)
    first, second = (matched(grouping, source, tmp_path / name, store) for name in ("first", "second"))
    assert group_of(first, "black.png") == group_of(second, "white.png")
    keep(grouping, first)
    with pytest.raises(ShopsimError, match="match the new photos again"):
        keep(grouping, second)
    later = matched(grouping, source, tmp_path / "second", store)
    assert group_of(later, "white.png") == group_of(first, "black.png") + 1
    assert [photo.name for photo in keep(grouping, later).photos] == ["black.png", "white.png"]


def test_photos_that_somebody_added_since_are_not_taken_back(added, tmp_path):
    grouping, _, _ = added
    seen = additions_of(grouping)
    own = draw_photo(tmp_path / "later/blue.png", COLOURS[2], 906)
    add_photos(grouping, seen, open_new_photos([own]).images, np.array([0]))
    with pytest.raises(ShopsimError, match="in the meantime"):
        take_back_last(seen)
    assert len(additions_of(grouping).photos) == 5


@pytest.mark.parametrize("n_gone", [1, 5])
def test_an_added_photo_that_is_gone_is_told_and_its_group_is_not_given_again(added, new, store, tmp_path, n_gone):
    grouping, source, _ = added
    draw_photo(tmp_path / "later/white.png", (250, 250, 250), 905)
    later = matched(grouping, source, tmp_path / "later", store)
    photos = keep(grouping, later).photos
    for photo in photos[-n_gone:]:
        (additions_of(grouping).folder / "photos" / photo.file).unlink()
    store.clear("features")
    draw_photo(tmp_path / "again/grey.png", (128, 128, 128), 906)
    again = matched(grouping, source, tmp_path / "again", store)
    problems = again.together.problems
    assert [problem.name for problem in problems] == [photo.name for photo in photos[-n_gone:]]
    assert all(problem.reason.startswith("Added to these groups before: ") for problem in problems)
    assert group_of(again, "grey.png") == group_of(later, "white.png") + 1


def test_another_threshold_starts_without_any(added):
    grouping = added[0].fitted.group(0.99)
    assert additions_of(grouping).photos == ()


def test_the_last_ones_are_taken_back(added, store):
    grouping, source, _ = added
    left = take_back_last(additions_of(grouping))
    assert (left.photos, additions_of(grouping).photos) == ((), ())
    assert list((left.folder / "photos").iterdir()) == []
    assert len(together_with(grouping, source, left, store).images) == len(grouping.labels_pred)


def test_a_photo_that_changed_meanwhile_is_refused(catalog, new, store, fake_extractor):
    grouping, source = grouped(catalog, store)
    found = matched(grouping, source, new, store)
    draw_photo(new / "red.png", (1, 2, 3), 7)
    with pytest.raises(ShopsimError, match=r"'red\.png' has changed"):
        keep(grouping, found)


def test_a_damaged_list_is_said(added):
    path = additions_of(added[0]).folder / "added.json"
    for content, fault in (
        ('{"version": 1, "photos": [{"group": -1}]}', "photos"),
        ('{"version": 1, "photos": 7}', "must be a list"),
        ('{"version": 1, "ph', "Cannot read"),
        ("[]", "is no list of added photos"),
    ):
        path.write_text(content)
        with pytest.raises(ShopsimError, match=fault) as told:
            additions_of(added[0])
        assert f"'{path}'" in str(told.value)


def test_regrouping_shows_that_nothing_would_change(added, store):
    grouping, source, _ = added
    made = regroup(grouping, source, together_with(grouping, source, additions_of(grouping), store), store)
    assert len(made.after) == len(grouping.labels_pred) + 4
    assert len(made.difference.moved) == len(made.difference.split) == 0
    assert len(made.difference.same) == grouping.labels_pred.max() + 2


@pytest.mark.usefixtures("fake_extractor")
def test_regrouping_shows_a_photo_that_would_move(catalog, store):
    grouping, source = grouped(catalog, store)
    own = draw_photo(catalog.folder.parent / "apart/red.png", COLOURS[0], 901)
    last = np.array([grouping.labels_pred.max()])
    add_photos(grouping, additions_of(grouping), open_new_photos([own]).images, last)
    wrong = together_with(grouping, source, additions_of(grouping), store)
    made = regroup(grouping, source, wrong, store)
    assert [made.catalog.image_ids[row] for row in made.difference.moved] == ["red.png"]

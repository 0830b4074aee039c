"""Questions on the Review page: answered by a button, left out, undone; and what the page says of the gain."""

import pytest
from app_pages import address_of, button, button_labels, no_traceback, open_page, settled, texts
from mixed_folders import one_wrong, plain_folder, shown_photos

from shopsim.catalog.open_folder import load_catalog
from shopsim.catalog.photo_keys import photo_keys
from shopsim.grouping.corrections.action import SAME, action
from shopsim.grouping.corrections.store import keep, read_actions
from shopsim.ui.corrections import asked


@pytest.fixture
def folder(tmp_path):
    return one_wrong(tmp_path / "mixed")


def open_questions(folder, **address):
    return open_page("pages/Review.py", folder, part="questions", **address)


def press(app, label):
    button(app, label).click()
    return settled(app)


def progress_of(app):
    return " ".join(str(each.proto.text) for each in app.get("progress"))


def kept(folder):
    return [each for each in read_actions(load_catalog(folder)) if not each.undone]


def test_two_photos_stand_side_by_side_and_an_answer_leads_to_the_next_pair(folder):
    app = open_questions(folder)
    assert no_traceback(app)
    assert "Do these two photos show the same model?" in texts(app)
    first = shown_photos(app)
    app = press(app, "No")
    assert no_traceback(app)
    assert len(kept(folder)) == 1
    assert shown_photos(app) != first


def test_undo_goes_back_to_the_pair_and_takes_the_answer_back(folder):
    app = open_questions(folder)
    first = shown_photos(app)
    app = press(press(app, "Yes"), "Undo")
    assert (shown_photos(app), kept(folder)) == (first, [])


def test_skip_keeps_nothing_and_undo_brings_the_pair_back(folder):
    app = open_questions(folder)
    first = shown_photos(app)
    app = press(app, "Skip")
    assert (kept(folder), shown_photos(app) != first) == ([], True)
    assert shown_photos(press(app, "Undo")) == first


def test_the_last_answer_of_a_block_can_be_undone_too(folder, monkeypatch):
    monkeypatch.setattr(asked, "BLOCK", 1)
    app = open_questions(folder)
    first = shown_photos(app)
    app = press(app, "No")
    assert len(kept(folder)) == 1
    assert shown_photos(app) != first
    assert (shown_photos(press(app, "Undo")), kept(folder)) == (first, [])


def test_undo_after_grouping_again_takes_the_last_answer_back(folder):
    app = open_questions(folder)
    first = shown_photos(app)
    app = press(press(app, "No"), "Group again now")
    assert (shown_photos(press(app, "Undo")), kept(folder)) == (first, [])


def test_corrections_made_elsewhere_in_mid_block_bring_other_questions(folder):
    app = press(open_questions(folder), "Skip")
    catalog = load_catalog(folder)
    keys = photo_keys(catalog)
    assert "Question 2 of" in progress_of(app)
    keep(catalog, action(SAME, [[keys[0]], [keys[-1]]]))
    assert "Question 1 of" in progress_of(settled(app))


def test_grouping_again_says_what_the_answers_gained_and_that_it_is_no_measure(folder):
    app = open_questions(folder)
    app = press(press(app, "No"), "Group again now")
    assert no_traceback(app)
    said = texts(app)
    assert "including 1 answer of this visit" in said
    assert "per answer" in said
    assert "no measure of the method" in said


def test_questions_need_no_labels_and_are_shown_first_without_any(tmp_path):
    app = open_page("pages/Review.py", plain_folder(tmp_path / "plain"))
    assert no_traceback(app)
    assert "Do these two photos show the same model?" in texts(app)
    assert "ARI" not in texts(app)


def test_the_part_of_the_page_is_in_the_address(folder):
    app = open_page("pages/Review.py", folder)
    assert "Do these two photos show the same model?" not in texts(app)
    next(each for each in app.segmented_control if each.key == "review-part").set_value("questions")
    app = settled(app)
    assert "Do these two photos show the same model?" in texts(app)
    assert address_of(app)["part"] == "questions"


def test_a_clustering_by_a_number_of_groups_has_no_questions(folder):
    app = open_questions(folder, clusterer="kmeans")
    assert no_traceback(app)
    assert "Questions need a clustering that joins photos at a similarity" in texts(app)


def test_a_visitor_without_the_right_cannot_answer(folder, monkeypatch):
    monkeypatch.setattr("shopsim.ui.corrections.acts.may_change", lambda: False)
    app = open_questions(folder)
    assert "Yes" in button_labels(app)
    assert all(button(app, label).disabled for label in ("Yes", "No", "Skip"))

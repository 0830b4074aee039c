"""Correcting groups on the Groups page: what is pressed, what it changes, and what it leaves alone."""

import pytest
from app_pages import address_of, button, button_labels, no_traceback, open_page, sentences, settled, texts
from mixed_folders import one_wrong, read

from shopsim import ShopsimError
from shopsim.catalog.open_folder import load_catalog
from shopsim.grouping.corrections.action import SAME, action
from shopsim.grouping.corrections.store import keep, read_actions
from shopsim.ui.corrections.acts import correct, undo_last


@pytest.fixture
def folder(tmp_path):
    return one_wrong(tmp_path / "mixed")


def open_group(folder, group=0, **address):
    return open_page("pages/Groups.py", folder, group=str(group), **address)


def use(app, tool):
    return next(each for each in app.segmented_control if each.key == "group-tool").set_value(tool).run()


def press(app, label):
    button(app, label).click()
    return settled(app)


def tick(app, *names):
    for name in names:
        next(box for box in app.checkbox if box.label == name).check()
    return app.run()


def ticked_names(app):
    return [box.label for box in app.checkbox]


def sizes(app):
    return [label.partition(" · ")[2] for label in button_labels(app) if label.startswith("Group ")]


def listed(folder, **address):
    return sizes(open_page("pages/Groups.py", folder, **address))


def test_a_photo_is_split_off_and_undo_and_redo_go_back_and_forth(folder):
    before = listed(folder)
    app = use(open_group(folder), "pick")
    app = tick(app, ticked_names(app)[-1])
    app = press(app, "Split off")
    assert no_traceback(app)
    assert "1 correction used here" in texts(app).replace("*", "")
    after = listed(folder)
    assert len(after) == len(before) + 1
    app = press(app, "Undo")
    assert "No corrections yet" in texts(app)
    assert listed(folder) == before
    press(app, "Redo")
    assert listed(folder) == after


def test_scores_stand_side_by_side_and_the_page_says_that_they_measure_nothing(folder):
    app = use(open_group(folder), "pick")
    app = press(tick(app, ticked_names(app)[-1]), "Split off")
    table = app.dataframe[0].value
    assert table["scored"].tolist() == ["Without corrections", "With 1 correction"]
    assert table["ARI"][0] != table["ARI"][1]
    assert "do not measure the method" in texts(app)


def test_two_groups_are_merged_and_stay_so_at_the_highest_threshold(folder):
    app = use(open_group(folder), SAME)
    app = press(app, "Same model: merge them")
    assert no_traceback(app)
    assert len(listed(folder)) == 2
    (kept,) = read_actions(load_catalog(folder))
    together = listed(folder, at="1.0")
    assert f"{len(kept.photos)} photos" in together


def test_a_contradiction_is_told_with_the_photos_and_changes_nothing(folder):
    app = use(open_group(folder), "pick")
    names = ticked_names(app)[:2]
    app = press(tick(app, *names), "Same model")
    app = tick(app, *names)
    app = press(app, "Different models")
    (told,) = sentences(app)
    assert "are to stay apart, but they are put together" in told
    assert all(name in told for name in names)
    assert len(read_actions(load_catalog(folder))) == 1
    said = texts(app)
    assert "Refused, and nothing was changed:** Different models" in said
    assert "Against it: Same model. Photos: 2." in said
    press(app, "Take this one back")
    assert all(each.undone for each in read_actions(load_catalog(folder)))


def test_a_merge_is_told_and_closes_the_tool(folder):
    app = press(use(open_group(folder), SAME), "Same model: merge them")
    assert "Kept: Same model. Photos:" in texts(app)
    assert "Same model: merge them" not in button_labels(app)
    app = press(app, "Undo this")
    assert "Kept: " not in texts(app)
    assert all(each.undone for each in read_actions(load_catalog(folder)))


def test_corrections_can_be_left_out_by_the_address_and_a_button(folder):
    catalog = load_catalog(folder)
    keep(catalog, action(SAME, [[image.digest] for image in catalog.images]))
    assert len(listed(folder)) == 1
    app = open_page("pages/Groups.py", folder, corrections="0")
    assert len(sizes(app)) == 3
    app = press(app, "Use corrections")
    assert len(sizes(app)) == 1
    assert "corrections" not in address_of(app)
    assert len(sizes(press(app, "Leave corrections out"))) == 3


@pytest.mark.parametrize("page", ["app.py", "pages/Confusion.py"])
def test_other_pages_score_without_corrections(folder, page):
    before = texts(settled(open_page(page, folder)))
    catalog = load_catalog(folder)
    keep(catalog, action(SAME, [[image.digest] for image in catalog.images]))
    assert texts(open_page(page, folder)) == before


def test_a_clusterer_that_takes_no_corrections_says_so(folder):
    catalog = load_catalog(folder)
    keep(catalog, action(SAME, [[catalog.images[0].digest], [catalog.images[-1].digest]]))
    app = open_page("pages/Groups.py", folder, clusterer="kmeans")
    assert no_traceback(app)
    assert any("cannot keep photos together or apart" in warning.value for warning in app.warning)


def test_a_name_and_an_approval_stand_on_the_card(folder):
    app = use(open_group(folder), "name")
    next(field for field in app.text_input if field.label == "Name of this group").set_value("*Long* name").run()
    app = press(app, "Save the name")
    app = press(app, "Approve")
    assert "Group 0: *Long* name" in texts(app)
    assert "names and approvals: 2" in texts(app)
    app = open_page("pages/Groups.py", folder)
    card = next(each for each in app.button if each.label.startswith("Group 0"))
    assert (card.icon, "name" in card.label) == (":material/verified:", True)
    assert len(listed(folder, sort="size,open")) == 2
    assert len(listed(folder, find="long* NAME")) == 1


def test_a_visitor_without_the_right_cannot_correct(folder, monkeypatch):
    monkeypatch.setattr("shopsim.ui.corrections.acts.may_change", lambda: False)
    app = use(open_group(folder), SAME)
    assert button(app, "Approve").disabled
    assert button(app, "Same model: merge them").disabled


def test_a_correction_can_be_taken_back_from_the_list(folder):
    catalog = load_catalog(folder)
    keep(catalog, action(SAME, [[catalog.images[0].digest], [catalog.images[-1].digest]]))
    app = open_page("pages/Groups.py", folder)
    assert "Same model. Photos: 2" in read(app) + texts(app)
    press(app, "Take back")
    assert all(each.undone for each in read_actions(catalog))


def test_undoing_several_corrections_keeps_using_the_others(folder):
    catalog = load_catalog(folder)
    digests = [image.digest for image in catalog.images]
    for other in (1, 2, 3, 4):
        keep(catalog, action(SAME, [[digests[0]], [digests[other]]]))
    app = open_page("pages/Groups.py", folder)
    for left in (3, 2, 1):
        app = press(app, "Undo")
        assert f"{left} correction{'s' if left > 1 else ''} used here" in texts(app).replace("*", "")


def test_without_the_right_an_act_is_refused_whatever_the_page_shows(folder, monkeypatch):
    monkeypatch.setattr("shopsim.ui.access.rights.may_change", lambda: False)
    with pytest.raises(ShopsimError, match="secret"):
        correct(None, SAME, [[0], [1]])
    with pytest.raises(ShopsimError, match="secret"):
        undo_last(None)


def test_the_typed_name_is_kept_with_each_correction(folder):
    app = open_group(folder)
    next(field for field in app.text_input if field.label == "Your name").set_value("Jisoo").run()
    for _ in range(2):
        app = press(use(app, SAME), "Different models")
    assert [each.who for each in read_actions(load_catalog(folder))] == ["Jisoo", "Jisoo"]

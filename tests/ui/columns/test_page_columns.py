"""Columns of a table on the pages: filter, rule, colours, scores across products, near-duplicates across parts."""

import csv
import shutil

import pytest
from app_pages import address_of, button, no_traceback, open_page, select, texts
from column_cases import table_of_photos


@pytest.fixture
def folder(tmp_path):
    return table_of_photos(tmp_path / "shop")


def multiselect(app, label):
    return next(field for field in app.multiselect if field.label == label)


def groups_shown(app):
    return [label for label in (each.label for each in app.button) if label.startswith("Group ")]


def test_a_filter_chooses_the_groups_that_are_shown_and_the_address_keeps_it(folder):
    app = open_page("pages/Groups.py", folder)
    n_groups = len(groups_shown(app))
    multiselect(app, "brand").set_value(["Bellwyn"]).run()
    assert no_traceback(app)
    assert address_of(app)["where"] == "brand=Bellwyn"
    assert "Shown: 4 of 16 photos." in texts(app)
    again = open_page("pages/Groups.py", folder, where="brand=Bellwyn&price=0.0~3.0")
    assert "Shown: 1 of 16 photos." in texts(again)
    assert len(groups_shown(again)) < n_groups
    assert "1 group with at least one of the filtered photos, " in texts(again)
    button(again, "Clear").click().run()
    assert "where" not in address_of(again)
    assert len(groups_shown(again)) == n_groups


def test_a_rule_keeps_brands_apart_and_says_what_it_stopped(folder):
    app = open_page("pages/Groups.py", folder, at="0.0")
    select(app, "Never join photos that differ in").set_value("brand").run()
    assert address_of(app)["never_join"] == "brand"
    assert "Photos that differ in brand are never joined. At this threshold the rule" in texts(app)
    ruled = open_page("pages/Groups.py", folder, never_join="brand", clusterer="average", space="raw", at="0.0")
    assert "show one model, so the rule is wrong about them." in texts(ruled)
    assert no_traceback(ruled)


@pytest.mark.parametrize("address", [{"never_join": "nope"}, {"never_join": "brand", "clusterer": "kmeans"}])
def test_a_rule_that_cannot_be_kept_is_left_out(folder, address):
    app = open_page("pages/Groups.py", folder, space="raw", **{"clusterer": "average"} | address)
    assert no_traceback(app)
    assert "are never joined" not in texts(app)
    assert "never_join" not in address_of(app)


def test_the_map_is_coloured_by_a_number_and_filtered(folder):
    app = open_page("pages/Map.py", folder, projection="pca", color="column.price", where="brand=Ardena")
    assert no_traceback(app)
    assert select(app, "Colours").value == "column.price"
    assert "Shown: 8 of 16 photos." in texts(app)


def test_tune_scores_pairs_of_different_products(folder):
    app = open_page("app.py", folder)
    assert "The second line counts only pairs of photos of different products." in texts(app)


def test_review_lists_near_duplicates_across_parts_on_request(folder):
    shutil.copyfile(folder / "red-0.png", folder / "red-copy.png")
    with (folder / "catalog.csv").open("a", newline="") as file:
        csv.writer(file).writerow(("red-copy.png", "red", "red-9", "test", "", ""))
    app = open_page("pages/Review.py", folder)
    toggle = next(each for each in app.toggle if each.label.startswith("Near-duplicates across the parts"))
    assert "byte-equal" not in texts(app).split("Wrong labels")[0]
    toggle.set_value(True).run()
    assert no_traceback(app)
    assert "1 of them byte-equal" in texts(app)


def test_a_folder_without_columns_has_no_filter_and_no_rule(tmp_path, folder):
    (folder / "catalog.csv").unlink()
    app = open_page("pages/Groups.py", folder)
    assert "Never join photos that differ in" not in [each.label for each in app.selectbox]
    assert not app.multiselect

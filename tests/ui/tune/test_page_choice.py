"""The Tune page as visitors meet it: what is chosen in the sidebar stays chosen."""

import shutil

import pytest
from app_pages import address_of, go_to, metrics, no_traceback, open_page, select, settled, texts, threshold


def test_a_choice_survives_a_page_change(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    select(app, "Clustering").set_value("single")
    settled(app)
    threshold(app).set_value(99.9).run()
    before = address_of(app)
    go_to(app, "pages/Catalogs.py")
    go_to(app, "app.py")
    assert no_traceback(app)
    assert address_of(app) == before
    assert select(app, "Clustering").value == "single"
    assert threshold(app).value == 99.9


@pytest.mark.parametrize("page", ["pages/Map.py", "pages/Groups.py", "pages/Confusion.py"])
def test_a_choice_goes_along_to_every_other_page_and_back(tiny_catalog, page):
    app = open_page(folder=tiny_catalog, space="blended")
    select(app, "Clustering").set_value("single")
    select(app, "Category").set_value("shoes")
    app.number_input(key="side-space-blended-neighbours").set_value(5)
    settled(app)
    threshold(app).set_value(99.9).run()
    before = address_of(app)
    assert len(before) == 7
    go_to(app, page)
    assert address_of(app) == before
    go_to(app, "app.py")
    assert no_traceback(app)
    assert address_of(app) == before
    assert threshold(app).value == 99.9


def test_the_navigation_leads_on_with_what_is_chosen_now(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    select(app, "Clustering").set_value("complete")
    settled(app)
    links = [link.proto.query_string for link in app.get("page_link")]
    assert links
    assert all("clusterer=complete" in link for link in links)


def test_a_link_of_the_navigation_does_not_undo_a_threshold_set_after_it_was_drawn(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    drawn = address_of(app)
    threshold(app).set_value(99.9).run()
    app.query_params.clear()
    app.query_params.update(drawn)
    settled(app)
    assert threshold(app).value == 99.9


def test_another_algorithm_drops_the_threshold_of_the_last_one(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    threshold(app).set_value(100.0).run()
    select(app, "Clustering").set_value("complete")
    settled(app)
    assert metrics(app)["ARI"] == "1.000"
    assert "at" not in address_of(app)


def test_a_setting_off_its_default_stands_in_the_address(tiny_catalog):
    app = open_page(folder=tiny_catalog, space="blended")
    app.number_input(key="side-space-blended-neighbours").set_value(5)
    settled(app)
    assert address_of(app)["space.neighbours"] == "5"
    assert no_traceback(app)


def test_a_category_leaves_the_others_out(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    select(app, "Category").set_value("shoes")
    settled(app)
    assert "8 photos" in texts(app)
    assert metrics(app)["True models"] == "2"


def test_each_category_has_scores_of_its_own(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    tables = [table.value for table in app.dataframe if "category" in table.value]
    assert list(tables[0]["category"]) == ["bags", "shoes"]
    assert list(tables[0]["photos"]) == [8, 8]


def test_byte_equal_copies_take_no_part_once_they_are_switched_off(tiny_catalog):
    photo = next((tiny_catalog / "bags").iterdir())
    shutil.copy(photo, photo.with_name("101_99_99.png"))
    app = open_page(folder=tiny_catalog)
    assert "17 photos" in texts(app)
    switch = next(toggle for toggle in app.toggle if toggle.label == "Leave out 1 byte-equal copy")
    switch.set_value(True)
    settled(app)
    assert "16 photos" in texts(app)
    assert address_of(app)["copies"] == "0"

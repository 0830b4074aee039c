"""Chained groups on the pages, the strict toggle, and controls that are a resolution, a count or HDBSCAN's."""

import numpy as np
import pytest
from app_pages import address_of, button, go_to, metrics, no_traceback, open_page, settled, texts
from mixed_folders import markup
from vectors import at_angles

from shopsim.clusterers import clusterers

AT = str(float(np.cos(np.deg2rad(11))))
CHAIN = (0, 9, 19, 28, 38, 47, 57, 66, 76, 85, 180, 185, 270, 275)


@pytest.fixture
def folder(tmp_path):
    """Ten photos in a chain, each 9 or 10 degrees from the next, and two pairs."""
    np.save(tmp_path / "features.npy", at_angles(*CHAIN))
    (tmp_path / "img_paths.txt").write_text("\n".join(f"{place:02}.jpg" for place in range(len(CHAIN))))
    return tmp_path


def opened(page, folder, **address):
    return open_page(page, folder, **{"space": "raw", "clusterer": "single", **address})


def strict(app):
    return next(toggle for toggle in app.toggle if toggle.label == "Strict")


def field(app, start):
    return next(field for field in app.number_input if field.label.startswith(start))


def test_a_chained_group_is_marked_in_the_list_and_can_be_listed_alone(folder):
    app = opened("pages/Groups.py", folder, at=AT)
    assert no_traceback(app)
    assert "3 groups, 14 photos · ⚠ 1 chained group" in texts(app)
    assert markup(app).count("⚠ chained") == 1
    app = opened("pages/Groups.py", folder, at=AT, sort="apart,chained")
    assert "1 of 3 groups, 10 photos" in texts(app)


def test_an_opened_group_says_what_holds_it_together(folder):
    app = opened("pages/Groups.py", folder, at=AT, group="0")
    assert "least similar photos are only 8.7% similar" in app.warning[0].value
    assert "weakest link is 98.5%" in app.warning[0].value
    app = opened("pages/Groups.py", folder, at=AT, group="1")
    assert not app.warning
    assert "In one piece up to a similarity of 99.6%" in texts(app)


def test_the_best_can_be_taken_as_soon_as_strict_is_on(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    strict(app).set_value(True).run()
    taken = button(app, "Without strict the best")
    assert not taken.disabled
    taken.click().run()
    assert no_traceback(app)
    assert not strict(app).value
    assert button(app, "Take the best").disabled


def test_strict_has_a_best_of_its_own_and_its_score_beside_the_one_without(tiny_catalog):
    app = open_page(folder=tiny_catalog, at="0.9999", strict="1")
    assert no_traceback(app)
    assert "ARI **0.000**; without strict 0.000 at this threshold." in texts(app)
    button(app, "Take the best for strict: ARI 1.000").click()
    app = settled(app)
    assert strict(app).value
    assert metrics(app)["ARI"] == "1.000"
    assert button(app, "Take the best for strict").disabled


def test_nobody_is_told_what_another_visitor_chose_the_threshold_on(folder):
    app = opened("app.py", folder, strict="1")
    field(app, "Photos per model").set_value(2.0)
    settled(app)
    assert "a guess for models of 2 photos" in texts(app)
    other = opened("app.py", folder, strict="1", at=address_of(app).get("at"))
    assert no_traceback(other)
    assert "a guess for models of" not in texts(other)


def test_strict_splits_the_chain_on_every_page_and_stands_in_the_address(folder):
    app = opened("pages/Groups.py", folder, at=AT)
    strict(app).set_value(True)
    settled(app)
    assert address_of(app)["strict"] == "1"
    assert "7 groups, 14 photos" in texts(app)
    assert "chained" not in markup(app)
    assert "and split until any two photos of one are" in texts(app)
    app = go_to(app, "app.py")
    assert metrics(app)["Groups found"] == "7"
    assert strict(app).value
    strict(app).set_value(False)
    settled(app)
    assert metrics(app)["Groups found"] == "3"
    assert "strict" not in address_of(app)


def test_a_link_with_strict_shows_what_its_sender_saw(folder):
    app = opened("app.py", folder, at=AT, strict="1")
    assert metrics(app)["Groups found"] == "7"


@pytest.mark.parametrize("clusterer", ["kmeans", "leiden", "hdbscan"])
def test_strict_is_not_offered_where_nothing_is_joined_at_a_threshold_but_not_forgotten(folder, clusterer):
    app = opened("app.py", folder, clusterer=clusterer, strict="1")
    assert no_traceback(app)
    assert not [toggle for toggle in app.toggle if toggle.label == "Strict"]
    assert address_of(app)["strict"] == "1"


def test_a_resolution_is_applied(folder):
    app = opened("app.py", folder, clusterer="leiden")
    assert "At resolution **0.1** the photos split into" in texts(app)
    before = int(metrics(app)["Groups found"])
    field(app, "Resolution (0.001 to 1.0)").set_value(0.995)
    button(app, "Apply").click()
    settled(app)
    assert address_of(app)["at"] == "0.995"
    assert int(metrics(app)["Groups found"]) > before


def test_a_count_that_is_instant_needs_no_apply(folder):
    app = opened("app.py", folder, clusterer="average_count")
    assert not [one for one in app.button if one.label == "Apply"]
    field(app, "Groups (1 to 14)").set_value(5).run()
    assert metrics(app)["Groups found"] == "5"
    assert "Split into **5 groups**" in texts(app)


def test_a_similarity_that_is_not_instant_is_a_percentage_to_apply(folder):
    app = opened("app.py", folder, clusterer="dbscan_sklearn", **{"clusterer.min_samples": "2"})
    field(app, "Similarity").set_value(98.3)
    button(app, "Apply").click()
    settled(app)
    assert float(address_of(app)["at"]) == pytest.approx(0.983)
    assert metrics(app)["Groups found"] == "3"


def test_hdbscan_says_what_its_slider_does(folder):
    app = opened("app.py", folder, clusterer="hdbscan")
    assert "Dense groups: " in texts(app)
    next(slider for slider in app.slider if slider.label == "Join down to").set_value(60.0)
    settled(app)
    assert "joined where they are at least **60.0%** similar" in texts(app)


def test_a_setting_with_options_is_a_list_of_them(folder):
    app = opened("app.py", folder, clusterer="kmeans_estimated", **{"clusterer.rule": "photos"})
    rule = next(select for select in app.selectbox if select.label == "Number of groups from")
    assert (rule.options, rule.value) == (["photos", "silhouette", "tree"], "photos")
    rule.set_value("tree")
    settled(app)
    assert "clusterer.rule" not in address_of(app)


def test_a_hostile_value_opens_every_clusterer_all_the_same(folder, subtests):
    for name in clusterers.names():
        for at in ["1e300", "-1e300", "0"]:
            with subtests.test(name=name, at=at):
                app = opened("app.py", folder, clusterer=name, at=at)
                assert no_traceback(app)
                assert int(metrics(app)["Groups found"]) >= 1

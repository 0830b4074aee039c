"""The Tune page as visitors meet it: opened first, the threshold moved, K-means, which has none."""

import pytest
from app_pages import address_of, button, metrics, no_traceback, open_page, settled, texts, threshold, visit
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df

from shopsim.clusterers.approximate_tree import told
from shopsim.ui.tune import advanced


def test_the_page_opens_at_the_best_threshold_and_says_what_it_was_tuned_on(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    assert no_traceback(app)
    assert metrics(app)["ARI"] == "1.000"
    assert (metrics(app)["Groups found"], metrics(app)["True models"]) == ("4", "4")
    assert "tuned on these photos" in texts(app)
    assert app.title[0].value == "Tune"


def test_the_page_says_what_is_looked_at(tiny_catalog):
    said = texts(open_page(folder=tiny_catalog))
    assert "16 photos" in said
    assert "4 true models of 4 photos" in said
    assert "whitening needs 32 different photos" in said


def test_a_stranger_sees_the_demo_grouped(demo_folder):
    app = settled(visit(extractor=None))
    assert no_traceback(app)
    assert "Demo catalogue" in texts(app)
    assert 0 < float(metrics(app)["ARI"]) <= 1
    assert address_of(app) == {}


def test_another_threshold_changes_the_score(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    threshold(app).set_value(100.0).run()
    assert metrics(app)["ARI"] == "0.000"
    assert metrics(app)["Groups found"] == "16"
    assert address_of(app)["at"] == "1.0"


def test_the_lowest_threshold_makes_one_group(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    threshold(app).set_value(threshold(app).min).run()
    assert metrics(app)["Groups found"] == "1"


def test_the_best_threshold_is_taken_by_its_button(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    assert button(app, "Take the best").disabled
    threshold(app).set_value(100.0).run()
    button(app, "Take the best").click().run()
    assert metrics(app)["ARI"] == "1.000"
    assert "at" not in address_of(app)
    assert button(app, "Take the best").disabled


def test_a_threshold_from_a_link_is_taken_exactly(tiny_catalog):
    app = open_page(folder=tiny_catalog, at="0.98765432")
    assert address_of(app)["at"] == "0.98765432"
    assert "98.8%" in texts(app)


def test_the_slider_may_return_to_where_it_was(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    opened = threshold(app).value
    threshold(app).set_value(100.0).run()
    threshold(app).set_value(opened).run()
    assert metrics(app)["ARI"] == "1.000"
    assert threshold(app).value == opened


def test_a_threshold_set_by_hand_or_by_a_link_is_called_so(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    threshold(app).set_value(threshold(app).value + 0.1).run()
    assert "Threshold: set by hand, with the score of these photos in sight." in texts(app)
    assert "tuned on these photos" not in texts(app)
    assert "Threshold: set by hand" in texts(open_page(folder=tiny_catalog, at="0.98"))


@pytest.mark.parametrize(("point", "n_groups"), [(-1, "16"), (0, "1")], ids=["all alone", "one group"])
def test_both_ends_of_the_curve_can_be_taken(tiny_catalog, point, n_groups):
    taken = points_of_the_curve(open_page(folder=tiny_catalog))["take"].iloc[point]
    app = open_page(folder=tiny_catalog, at=repr(float(taken)))
    assert metrics(app)["Groups found"] == n_groups
    assert threshold(app).value in (threshold(app).min, threshold(app).max)


def points_of_the_curve(app):
    """What the chart shows at each point, and takes when the point is clicked."""
    charts = app.get("vega_lite_chart")
    frames = [convert_arrow_bytes_to_pandas_df(data.data.data) for chart in charts for data in chart.proto.datasets]
    return next(frame for frame in frames if "take" in frame)


def test_kmeans_opens_with_nothing_tuned(tiny_catalog):
    app = open_page(folder=tiny_catalog, clusterer="kmeans")
    assert no_traceback(app)
    assert "nothing tuned" in texts(app)
    assert "tuned on these photos" not in texts(app)


def test_kmeans_with_a_setting_moved_is_tuned_on_these_photos(tiny_catalog):
    app = open_page(folder=tiny_catalog, clusterer="kmeans", **{"clusterer.photos_per_model": "4"})
    assert no_traceback(app)
    assert metrics(app)["Groups found"] == "4"
    assert "tuned on these photos" in texts(app)


def test_a_number_of_groups_is_applied(tiny_catalog):
    app = open_page(folder=tiny_catalog, clusterer="kmeans")
    count = next(field for field in app.number_input if field.label.startswith("Groups"))
    count.set_value(3)
    button(app, "Apply").click()
    settled(app)
    assert metrics(app)["Groups found"] == "3"
    assert address_of(app)["at"] == "3.0"
    assert "Number of groups: set by hand" in texts(app)


def test_a_hostile_number_of_groups_falls_back(tiny_catalog, subtests):
    for at in ["0", "-1", "17", "nan", "1e300"]:
        with subtests.test(at=at):
            app = open_page(folder=tiny_catalog, clusterer="kmeans", at=at)
            assert no_traceback(app)
            assert metrics(app)["Groups found"] == "1"


def test_other_labels_for_the_same_photos_give_other_scores(plain_folder, tmp_path):
    scores = []
    for name, models in {"right.txt": "ab" * 4, "wrong.txt": "aabb" * 2}.items():
        (tmp_path / name).write_text("\n".join(models))
        app = open_page(folder=plain_folder, labels=str(tmp_path / name), clusterer="kmeans", at="2")
        scores.append(float(metrics(app)["ARI"]))
    assert scores[0] == 1
    assert scores[1] < 0.1


def test_photos_of_one_model_are_said_to_have_no_telling_scores(tmp_path, draw_photo):
    folder = tmp_path / "one"
    for number in range(4):
        draw_photo(folder / f"7_1_{number}.jpg", (200, 30, 30), number)
    said = texts(open_page(folder=folder))
    assert "1 true model of 4 photos · all of one model, so the scores mean nothing" in said


def test_an_approximate_tree_says_how_many_neighbours_were_found(tiny_catalog, monkeypatch):
    monkeypatch.setattr(advanced, "note_on", lambda tree: told(0.9719))
    said = texts(open_page(folder=tiny_catalog))
    assert "whitening needs 32 different photos" in said
    assert "The tree is approximate: its search found 97.1% of the neighbours." in said


def test_the_search_is_chosen_in_the_sidebar(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    field = app.selectbox(key="side-clusterer-average-search")
    assert (field.value, field.options) == ("exact", ["exact", "hnsw"])
    field.set_value("hnsw").run()
    assert no_traceback(app)
    assert app.selectbox(key="side-clusterer-average-search").value == "hnsw"
    assert "hnsw" in "".join(address_of(app).values())

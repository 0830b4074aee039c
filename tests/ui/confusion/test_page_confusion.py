"""The Confusion page as visitors meet it: matrix, cell, ranking, links; and whatever may go wrong."""

import unicodedata
from types import SimpleNamespace

import pytest
from app_pages import address_of, button, metrics, no_traceback, open_page, settled, texts, threshold, visit
from mixed_folders import BLUE, RED, markup, mixed_folder, one_wrong, plain_folder, read, shown_photos
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df

from shopsim.ui.confusion.confusion import Mixed, show_cost


@pytest.fixture
def folder(tmp_path):
    return one_wrong(tmp_path / "mixed")


def open_confusion(folder, **address):
    return open_page("pages/Confusion.py", folder, **address)


def cells(app):
    """The frame behind the matrix."""
    (chart,) = app.get("vega_lite_chart")
    return convert_arrow_bytes_to_pandas_df(chart.proto.datasets[0].data.data)


def success(app):
    return "\n".join(element.value for element in app.success)


# The matrix


def test_the_matrix_shows_the_confused_models_only(folder):
    app = open_confusion(folder)
    assert no_traceback(app)
    assert set(cells(app)["model"]) == {"red", "green"}
    assert cells(app)["photos"].sum() == 8
    assert "2 models in 2 groups: 7 wrong pairs, 100.0% of all." in texts(app)


def test_the_whole_matrix_shows_all(folder):
    app = open_confusion(folder)
    app.segmented_control[0].set_value("whole").run()
    assert no_traceback(app)
    assert set(cells(app)["model"]) == {"red", "green", "blue"}
    assert address_of(app)["sort"] == "whole"


def test_a_whole_matrix_beyond_drawing_is_refused_in_one_sentence(folder, monkeypatch):
    monkeypatch.setattr("shopsim.ui.confusion.matrix.MOST_CELLS", 8)
    app = open_confusion(folder, sort="whole")
    assert no_traceback(app)
    assert "The whole matrix of 3 models and 3 groups is too large to draw (more than 8 cells)" in texts(app)
    assert not app.get("vega_lite_chart")
    app.segmented_control[0].set_value("confused").run()
    assert len(app.get("vega_lite_chart")) == 1


@pytest.mark.parametrize(("clusterer", "control"), [("average", "Similarity: "), ("kmeans", "Groups: ")])
def test_the_score_says_which_number_was_chosen_on_what(folder, clusterer, control):
    app = open_confusion(folder, clusterer=clusterer)
    (ari,) = (metric for metric in app.metric if metric.label == "ARI")
    assert ari.help.startswith(control)


def test_a_score_of_nothing_has_no_minus(monkeypatch):
    metrics = []
    column = SimpleNamespace(metric=lambda label, value, **_: metrics.append((label, value)))
    monkeypatch.setattr("shopsim.ui.confusion.confusion.st.columns", lambda count: [column] * count)
    scores = SimpleNamespace(ari=-1e-9, n_groups=2, pairs=SimpleNamespace(fp=1, fn=1))
    fitted = SimpleNamespace(control=SimpleNamespace(name="Similarity"))
    show_cost(Mixed(SimpleNamespace(evaluation=scores, tuned_on="nothing", fitted=fitted)))
    assert ("ARI", "0.000") in metrics


def test_the_cost_is_told_in_pairs(folder):
    told = metrics(open_confusion(folder))
    assert (told["Wrong pairs"], told["Wrongly together"], told["Wrongly apart"]) == ("7", "4", "3")


def test_pieces_are_turned_over(tmp_path):
    contents = {f"model {number:02}": [RED, BLUE, RED] for number in range(20)}
    app = open_confusion(mixed_folder(tmp_path / "chaos", contents))
    first = set(cells(app)["model"])
    app.pagination[0].set_value(2).run()
    assert no_traceback(app)
    assert first.isdisjoint(cells(app)["model"])
    assert address_of(app)["sort"] == "2"


def test_each_model_keeps_its_largest_pieces_where_not_all_fit(tmp_path):
    app = open_confusion(mixed_folder(tmp_path / "split", {f"model {n}": [RED] * 15 for n in range(4)}))
    threshold(app).set_value(threshold(app).max).run()
    assert "Not drawn: 20 groups with 20 of their photos." in texts(app)
    assert cells(app)["model"].value_counts().min() >= 8


# A cell


def wrong_cell(app):
    row = cells(app).query('kind == "in another model\'s group"').iloc[0]
    return {"model": row["model"], "group": str(row["group"])}


def test_a_cell_opens_its_photos_beside_the_rest(folder):
    app = open_confusion(folder, **wrong_cell(open_confusion(folder)))
    said = read(app)
    assert "green in group" in said
    assert "The rest of group" in said
    assert "The rest of green" in said
    wrong, *others = shown_photos(app)[:8]
    assert wrong == "green/green-8.png"
    assert {name.split("/")[0] for name in others[:4]} == {"red"}
    assert {name.split("/")[0] for name in others[4:]} == {"green"}


def test_a_cell_is_closed_again(folder):
    app = open_confusion(folder, **wrong_cell(open_confusion(folder)))
    button(app, "Close").click().run()
    assert "The rest of" not in read(app)
    assert not {"model", "group"} & address_of(app).keys()


def test_a_cell_that_no_longer_holds_photos_closes(folder):
    app = open_confusion(folder, model="blue", group=wrong_cell(open_confusion(folder))["group"])
    assert no_traceback(app)
    assert "The rest of" not in read(app)
    assert not {"model", "group"} & address_of(app).keys()


def test_the_chart_stays_what_it_is_when_a_cell_opens(folder):
    closed = open_confusion(folder)
    opened = open_confusion(folder, **wrong_cell(closed))
    specs = [app.get("vega_lite_chart")[0].proto.spec for app in (closed, opened)]
    assert specs[0] == specs[1], "it would be drawn anew, and lose where it was zoomed to"


# The ranking


def test_merges_are_ranked_with_their_cost_and_photos(folder):
    app = open_confusion(folder)
    said = read(app)
    assert "has 2 models" in said
    assert "4 wrong pairs, 57.1% of all" in said
    assert "4 × red" in said
    assert "1 × green" in said
    assert len(shown_photos(app)) == 5


def test_splits_are_ranked_with_their_cost_and_photos(folder):
    app = open_confusion(folder)
    app.segmented_control[1].set_value("splits").run()
    said = read(app)
    assert "green is in 2 groups" in said
    assert "3 wrong pairs, 42.9% of all" in said
    assert len(shown_photos(app)) == 4
    assert address_of(app)["sort"] == ",splits"


def test_the_costliest_comes_first(tmp_path):
    app = open_confusion(mixed_folder(tmp_path / "two", {"a": [RED] * 6 + [BLUE], "b": [BLUE] * 3 + [RED] * 2}))
    costs = [int(part.split()[-1].replace(",", "")) for part in read(app).split(" wrong pairs")[:-1]]
    assert len(costs) == 2
    assert costs == sorted(costs, reverse=True)


def test_each_entry_leads_to_its_groups_at_the_same_threshold(folder):
    app = open_confusion(folder, at="0.97")
    link = next(link for link in app.get("page_link") if link.proto.label.startswith("Open group"))
    assert "group=" in link.proto.query_string
    assert "at=0.97" in link.proto.query_string


# Links


def test_a_link_shows_what_its_sender_saw(folder):
    sender = open_confusion(folder, **wrong_cell(open_confusion(folder)))
    sender.segmented_control[1].set_value("splits").run()
    sender.segmented_control[0].set_value("whole").run()
    receiver = settled(visit("pages/Confusion.py", **address_of(sender)))
    assert address_of(receiver) == address_of(sender)
    assert shown_photos(receiver) == shown_photos(sender)
    assert set(cells(receiver)["model"]) == set(cells(sender)["model"])


def test_hostile_details_fall_back(folder, subtests):
    for value in ["nan", "-1", "99999", "inf", "<b>", "٣", "9" * 4000, ",,,", "red"]:
        with subtests.test(value=value):
            app = open_confusion(folder, group=value, model=value, sort=value, page=value)
            assert no_traceback(app)
            assert set(cells(app)["model"]) == {"red", "green"}
            assert "The rest of" not in read(app)


# Any catalogue


def test_without_labels_the_page_says_what_to_do(tmp_path):
    app = open_confusion(plain_folder(tmp_path / "plain"))
    assert no_traceback(app)
    assert "Attach a file of labels on the Catalogs page" in texts(app)
    assert not app.get("vega_lite_chart")


def test_when_all_is_right_the_page_says_so_and_shows_the_matrix(tiny_catalog):
    app = open_confusion(tiny_catalog)
    assert no_traceback(app)
    assert "Everything is right: 4 groups, each of one model" in success(app)
    assert len(cells(app)) == 4


@pytest.mark.parametrize("end", ["min", "max"])
def test_one_group_and_all_singles_are_shown(folder, end):
    app = open_confusion(folder)
    threshold(app).set_value(getattr(threshold(app), end)).run()
    assert no_traceback(app)
    assert cells(app)["photos"].sum() == 10


def test_two_photos_of_one_model_are_right_together_and_split_apart(tmp_path):
    folder = plain_folder(tmp_path / "pair", 2)
    (folder / "catalog.csv").write_text("path,model\nphoto 0.png,red\nphoto 1.png,red\n")
    app = open_confusion(folder)
    assert "Everything is right" in success(app)
    threshold(app).set_value(threshold(app).max).run()
    assert "is in 2 groups" in read(app)


def test_only_labelled_photos_are_counted(tmp_path):
    folder = plain_folder(tmp_path / "half")
    rows = "".join(f"photo {number}.png,{f'm{number // 2}' if number < 4 else ''}\n" for number in range(8))
    (folder / "catalog.csv").write_text(f"path,model\n{rows}")
    app = open_confusion(folder)
    assert no_traceback(app)
    app.segmented_control[0].set_value("whole").run()
    assert cells(app)["photos"].sum() == 4


@pytest.mark.parametrize("name", ["<b>bold<b>", "*stars* _and_ $x$", "y" * 120, "가방 사진", "\"q\" 'n' \\"])
def test_a_model_is_shown_as_it_is_written(tmp_path, name):
    folder = plain_folder(tmp_path / "odd", 6)
    cell = name.replace('"', '""')
    rows = "".join(f'photo {number}.png,"{cell if number in (0, 2, 3) else "other"}"\n' for number in range(6))
    (folder / "catalog.csv").write_text(f"path,model\n{rows}", encoding="utf-8")
    app = open_confusion(folder)
    assert no_traceback(app)
    assert name in set(cells(app)["model"])
    assert name in read(app)
    assert "<b>" not in markup(app)
    group = str(cells(app).query("model == @name")["group"].iloc[0])
    for form in ("NFC", "NFD"):
        opened = open_confusion(folder, model=unicodedata.normalize(form, name), group=group)
        assert f"The rest of {name}" in read(opened)

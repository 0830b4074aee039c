"""The Map page as visitors meet it: catalogues of every kind and size."""

from app_pages import button_labels, no_traceback, select, texts
from map_pages import drawn, move_threshold, open_map
from mixed_folders import RED, markup, mixed_folder, plain_folder

from shopsim.ui.charts.map_colours import REST, RIGHT


def test_without_models_the_map_shows_what_fits_its_group_least(tmp_path):
    app = open_map(plain_folder(tmp_path / "plain"))
    assert no_traceback(app)
    assert select(app, "Colours").value == "fit"
    assert "model" not in drawn(app)
    assert "Groups that hold together least" in texts(app)


def test_two_photos_are_two_points(tmp_path):
    app = open_map(plain_folder(tmp_path / "plain", 2), projection="tsne")
    assert no_traceback(app)
    assert len(drawn(app)) == 2


def test_one_group_of_all(folder):
    app = move_threshold(open_map(folder), 0.0)
    assert no_traceback(app)


def test_all_photos_alone(folder):
    app = move_threshold(open_map(folder), 100.0)
    assert no_traceback(app)
    assert (drawn(app)["kind"] == RIGHT).sum() >= 3


def test_half_the_labels(folder):
    (folder / "catalog.csv").write_text(
        "path,model\n"
        + "".join(
            f"{path.relative_to(folder).as_posix()},{path.parent.name if number % 2 else ''}\n"
            for number, path in enumerate(sorted(folder.rglob("*.png")))
        )
    )
    points = drawn(open_map(folder))
    assert (points["verdict"] == "model not known").sum() == 5
    assert (points["kind"] == REST).sum() == 5


def test_equal_photos_lie_on_one_spot(tmp_path):
    mixed = mixed_folder(tmp_path / "same", {"a": [RED], "b": [RED]})
    for path in sorted(mixed.rglob("*.png"))[1:]:
        path.write_bytes(next(mixed.rglob("a*.png")).read_bytes())
    app = open_map(mixed)
    assert no_traceback(app)


def test_names_are_shown_as_written(tmp_path):
    app = open_map(mixed_folder(tmp_path / "odd", {"*b* $x$": [RED] * 2, "<i>": [RED] * 3}), find="<i>")
    assert no_traceback(app)
    assert "of model <i>" in texts(app)
    assert "<i>" not in markup(app)


def test_hints_lead_somewhere_without_models_too(tmp_path):
    app = open_map(plain_folder(tmp_path / "plain"))
    assert [label for label in button_labels(app) if label.startswith("Group ")]

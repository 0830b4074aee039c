"""The Catalogs page: what is cached is listed, cleared, and computed again."""

import shutil

import pytest
from app_pages import go_to, metrics, no_traceback, open_page, settled, texts
from catalog_pages import PAGE, catalogs
from mixed_folders import fetch_pictures

from shopsim.base.paths import cache_dir
from shopsim.learning.lock import one_at_a_time
from shopsim.ui.server import jobs


@pytest.mark.parametrize("kind", ["features", "trees"])
def test_what_is_cached_is_shown_cleared_and_computed_again(tiny_catalog, kind):
    app = open_page(folder=tiny_catalog)
    go_to(app, PAGE)
    app.button(key=f"clear-{kind}").click()
    settled(app)
    assert no_traceback(app)
    assert not (cache_dir() / kind).exists()
    go_to(app, "app.py")
    assert metrics(app)["ARI"] == "1.000"
    assert (cache_dir() / kind).exists()


def test_what_a_learning_works_on_is_not_cleared_under_it(tiny_catalog):
    for kind in ("trainings", "activations", "trees"):
        (cache_dir() / kind).mkdir(parents=True)
        (cache_dir() / kind / "kept.npy").write_bytes(b"x")
    with one_at_a_time(cache_dir()):
        app = catalogs(folder=tiny_catalog)
        assert no_traceback(app)
        assert [app.button(key=f"clear-{kind}").disabled for kind in ("trainings", "activations")] == [True, True]
        assert not app.button(key="clear-trees").disabled
    app.run()
    app.button(key="clear-trainings").click()
    settled(app)
    assert not (cache_dir() / "trainings").exists()


def test_thumbnails_are_cleared(tiny_catalog, tmp_path):
    app = open_page(folder=tiny_catalog)
    fetch_pictures(app)
    assert list((tmp_path / "static").rglob("*.jpg"))
    go_to(app, PAGE)
    app.button(key="clear-thumbnails").click()
    settled(app)
    assert not list((tmp_path / "static").rglob("*.jpg"))


def test_everything_under_the_cache_is_listed(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    go_to(app, PAGE)
    clearable = {button.key.removeprefix("clear-") for button in app.button if (button.key or "").startswith("clear-")}
    assert {path.name for path in cache_dir().iterdir() if path.is_dir()} <= clearable


def test_the_demo_is_cached_in_all_its_versions_and_cleared(tiny_catalog):
    for folder in ("demo-1", "demo-3", "demonstration", "demo-of-mine"):
        (cache_dir() / folder).mkdir(parents=True)
        (cache_dir() / folder / "photo.jpg").write_bytes(b"0" * 1_000_000)
    app = catalogs(tiny_catalog)
    assert "Demo catalogue" in [markdown.value for markdown in app.markdown]
    assert "2.0 MB in 2 files" in texts(app)
    app.button(key="clear-demo").click()
    settled(app)
    assert no_traceback(app)
    # What only has a similar name belongs to someone else.
    assert {path.name for path in cache_dir().glob("demo*")} == {"demonstration", "demo-of-mine"}


def test_a_damaged_cache_does_not_break_the_page(tiny_catalog):
    cache_dir().write_bytes(b"a file where the folder should be")
    assert no_traceback(catalogs(tiny_catalog))


def test_a_damaged_file_is_said_once_and_what_is_shown_stays_right(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    for path in cache_dir().glob("features/*/*.rows"):
        path.write_bytes(bytes(12) + path.read_bytes()[12:])
    jobs().clear()
    settled(app)
    said = [warning.value for warning in app.warning if "damaged on the disk" in warning.value]
    assert len(said) == 1
    assert metrics(app)["ARI"] == "1.000"
    app.run()
    assert [warning.value for warning in app.warning] == said
    go_to(app, PAGE)
    assert not app.warning
    go_to(app, "app.py")
    assert not app.warning


@pytest.mark.usefixtures("looking_each_time")
def test_the_demo_is_drawn_again_after_somebody_has_deleted_the_cache(tiny_catalog, tmp_path, monkeypatch):
    drawn = tmp_path / "drawn"

    def draw(cache, progress):
        shutil.copytree(tiny_catalog, drawn)
        return drawn

    monkeypatch.setattr("shopsim.ui.compute.demo_catalog_folder", draw)
    app = open_page()
    shutil.rmtree(drawn)
    settled(app)
    assert no_traceback(app)
    assert not app.error
    assert metrics(app)["ARI"] == "1.000"
    assert drawn.is_dir()


def test_another_space_after_the_cache_was_cleared_finds_the_rows_of_both_extractors(tiny_catalog, monkeypatch):
    monkeypatch.setattr("shopsim.features.extract.STREAM_FROM_BYTES", 0)
    both = {"folder": tiny_catalog, "extractor": "fake", "add": "color_shape", "share": "0.5", "clusterer": "average"}
    assert metrics(open_page(**both, space="whitened"))["ARI"] == "1.000"
    shutil.rmtree(cache_dir() / "features")
    app = open_page(**both, space="raw")
    assert not app.error
    assert metrics(app)["ARI"] == "1.000"

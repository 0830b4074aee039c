"""The Tune page as visitors meet it: photos, names and files that change while it is open."""

import shutil

import pytest
from app_pages import fresh_server, metrics, no_traceback, open_page, sentences, settled, texts
from broken_extractors import BrokenExtractor
from mixed_folders import RED


@pytest.mark.usefixtures("looking_each_time")
@pytest.mark.parametrize("change", ["changed", "deleted", "added"])
def test_a_photo_touched_while_the_app_is_open_is_noticed(plain_folder, draw_photo, change):
    app = open_page(folder=plain_folder)
    photo = plain_folder / "photo 3.png"
    if change == "deleted":
        photo.unlink()
    else:
        draw_photo(photo if change == "changed" else plain_folder / "new.png", RED, 99)
    settled(app)
    assert no_traceback(app)
    assert any(change in info.value for info in app.info)
    assert f"{ {'changed': 8, 'deleted': 7, 'added': 9}[change] } photos" in texts(app)


def test_weights_exported_again_while_the_app_is_open_are_taken(tiny_catalog, register, tmp_path, monkeypatch):
    weights = tmp_path / "weights"
    weights.write_text("one")
    asked = []

    def network():
        asked.append(weights.read_text())
        return BrokenExtractor(failures=0)

    register("network", network)
    for module in ("shopsim.ui.compute", "shopsim.features.extractors.kept"):
        monkeypatch.setattr(f"{module}.weights_state", lambda *_, **__: weights.read_text())
    monkeypatch.setattr("shopsim.features.extractors.kept.is_network", lambda name: name == "network")
    monkeypatch.setattr("shopsim.features.extractors.kept.why_not_trusted", lambda *_, **__: None)
    app = settled(open_page(folder=tiny_catalog, extractor="network"))
    weights.write_text("two")
    settled(app)
    assert asked == ["one", "two"]


@pytest.mark.usefixtures("looking_each_time")
@pytest.mark.parametrize("cut", [{}, {"strict": "1"}, {"clusterer": "kmeans"}])
def test_models_named_anew_while_the_app_is_open_are_called_so(tiny_catalog, cut):
    (tiny_catalog / "models.csv").write_text("model_id,name\n101,Old bag\n")
    app = open_page(folder=tiny_catalog, **cut)
    assert "Old bag" in texts(app)
    (tiny_catalog / "models.csv").write_text("model_id,name\n101,New handbag\n")
    settled(app)
    assert "New handbag" in texts(app)
    assert "Old bag" not in texts(app)


@pytest.mark.usefixtures("looking_each_time")
def test_a_folder_deleted_while_the_app_is_open_is_told(plain_folder):
    app = open_page(folder=plain_folder)
    shutil.rmtree(plain_folder)
    settled(app)
    assert no_traceback(app)
    assert len(sentences(app)) == 1


def test_a_damaged_tree_in_the_cache_is_computed_again(tiny_catalog, tmp_path, monkeypatch):
    open_page(folder=tiny_catalog)
    (tree,) = (tmp_path / "shopsim-cache" / "trees").iterdir()
    tree.write_bytes(b"rubbish")
    fresh_server(tmp_path / "static", monkeypatch)
    app = open_page(folder=tiny_catalog)
    assert no_traceback(app)
    assert metrics(app)["ARI"] == "1.000"

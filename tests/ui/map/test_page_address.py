"""The Map page as visitors meet it: what an address holds, and hostile ones."""

from app_pages import address_of, no_traceback, select, settled, visit
from map_pages import drawn, open_map

from shopsim.ui.map.layout import default_of, from_text, to_text


def test_a_link_reproduces_the_view(folder):
    app = open_map(folder, color="model", model="green", find="8", projection="tsne,perplexity=2.5")
    address = address_of(app)
    again = settled(visit("pages/Map.py", **address))
    assert address_of(again) == address
    assert drawn(again).equals(drawn(app))


def test_a_hostile_address_falls_back(folder, subtests):
    for address in [
        {"projection": "mercator"},
        {"projection": "tsne,perplexity=nan"},
        {"projection": "tsne,perplexity=-1,perplexity,=,,"},
        {"projection": "umap," + "x=1," * 500},
        {"color": "nonsense"},
        {"color": "group", "group": "-1"},
        {"color": "group", "group": "99999999999"},
        {"color": "group", "group": "nan"},
        {"color": "model", "model": "<script>"},
        {"find": "x" * 5000},
        {"find": "(*[\\"},
        {"at": "inf"},
    ]:
        with subtests.test(address=address):
            app = visit("pages/Map.py", folder, **address)
            if address.get("projection", "").startswith("umap"):
                assert from_text(address["projection"], "tsne") == ("umap", {})
                continue
            app = settled(app)
            assert no_traceback(app)
            assert len(drawn(app)) == 10


def test_settings_of_a_projection_go_into_the_address_and_back():
    settings = {"n_neighbors": 30, "min_dist": 0.25}
    for default in ("tsne", "umap"):
        assert from_text(to_text("umap", settings, default), default) == ("umap", settings)
        assert to_text(default, {}, default) == ""
        assert from_text("", default) == (default, {})
    assert from_text(to_text("tsne", {}, "umap"), "umap") == ("tsne", {})


def test_a_map_of_many_photos_opens_with_the_faster_projection():
    assert (default_of(30_000), default_of(30_001)) == ("tsne", "umap")


def test_the_view_is_still_there_after_another_page(folder):
    app = open_map(folder, color="model", model="green")
    kept = {name: value for name, value in address_of(app).items() if name in ("folder", "extractor")}
    for page in ("app.py", "pages/Map.py"):
        app.switch_page(page)
        app.query_params.update(kept)
        app = settled(app)
    assert select(app, "Colours").value == "model"
    assert select(app, "Model").value == "green"

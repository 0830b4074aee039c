"""A page that is run again, or left for another and come back to, computes nothing anew."""

from collections import Counter
from functools import wraps

import pytest
from app_pages import go_to, no_traceback, open_page, texts, threshold

from shopsim.catalog.catalog import Catalog
from shopsim.clusterers.merge_tree import MergeTree

# Each where it is used: all that a cut costs.
_STEPS = (
    "shopsim.grouping.grouping.evaluate",
    "shopsim.grouping.grouping.detail_scores",
    "shopsim.grouping.grouping.split_by_category",
    "shopsim.grouping.grouping.similarity_to_representative",
    "shopsim.grouping.grouping.group_table",
    "shopsim.grouping.chains.split_strictly",
    "shopsim.scoring.confused_cut.contingency",
    "shopsim.scoring.confused_cut.splits",
    "shopsim.scoring.confused_cut.merges",
    "shopsim.scoring.confused_cut.confused_parts",
    "shopsim.scoring.confused_cut.diagonal_order",
    "shopsim.ui.groups.groups.extents",
)
_NEEDS = {
    "app.py": {"evaluate", "detail_scores", "split_by_category", "similarity_to_representative"},
    "pages/Groups.py": {"evaluate", "similarity_to_representative", "group_table", "extents"},
    "pages/Confusion.py": {"evaluate", "contingency", "splits", "merges", "confused_parts"},
    "pages/Map.py": {"evaluate", "contingency", "splits", "merges"},
}


@pytest.fixture
def computed(monkeypatch):
    """How often each step was carried out, cuts of a tree included."""
    counts = Counter()

    def counted(name, step):
        @wraps(step)
        def counting(*arguments, **named):
            counts[name] += 1
            return step(*arguments, **named)

        return counting

    for path in _STEPS:
        module, _, name = path.rpartition(".")
        monkeypatch.setattr(path, counted(name, getattr(__import__(module, fromlist=[name]), name)))
    monkeypatch.setattr(MergeTree, "cut", counted("cut", MergeTree.cut))
    return counts


@pytest.mark.parametrize("page", _NEEDS)
def test_a_page_run_again_computes_nothing(tiny_catalog, computed, page):
    app = open_page(page, folder=tiny_catalog, at="0.9")
    first = computed.copy()
    for _ in range(3):
        app.run()
    assert no_traceback(app)
    assert set(first) >= _NEEDS[page] | {"cut"}
    assert computed == first


def test_a_page_come_back_to_computes_nothing(tiny_catalog, computed):
    app = open_page("app.py", folder=tiny_catalog, at="0.9")
    for page in _NEEDS:
        go_to(app, page)
    first = computed.copy()
    for page in _NEEDS:
        go_to(app, page)
    assert no_traceback(app)
    assert computed == first
    assert (computed["group_table"], computed["confused_parts"], computed["detail_scores"]) == (1, 1, 1)


def test_a_threshold_moved_and_moved_back_is_cut_once_more_only(tiny_catalog, computed):
    app = open_page("pages/Groups.py", folder=tiny_catalog)
    before, opened = computed.copy(), threshold(app).value
    for percent in (100.0, opened, 100.0, opened):
        threshold(app).set_value(percent).run()
    assert {step: computed[step] - before[step] for step in ("cut", "evaluate", "group_table")} == {
        "cut": 1,
        "evaluate": 1,
        "group_table": 1,
    }


def test_a_second_visitor_computes_nothing(tiny_catalog, computed):
    open_page("pages/Groups.py", folder=tiny_catalog, at="0.9")
    first = computed.copy()
    assert no_traceback(open_page("pages/Groups.py", folder=tiny_catalog, at="0.9"))
    assert computed == first


def catalogs_made(monkeypatch):
    """A list to which every catalogue that is made from now on is added."""
    made, init = [], Catalog.__init__

    def counting(self, *arguments, **named):
        made.append(self)
        init(self, *arguments, **named)

    monkeypatch.setattr(Catalog, "__init__", counting)
    return made


@pytest.mark.parametrize("address", [{"category": "shoes"}, {"copies": "0"}, {"category": "bags", "copies": "0"}])
def test_a_page_run_again_makes_no_catalogue(tiny_catalog, monkeypatch, address):
    app = open_page(folder=tiny_catalog, **address)
    made = catalogs_made(monkeypatch)
    for page in (*_NEEDS, "app.py"):
        go_to(app, page)
    assert no_traceback(app)
    assert made == []


@pytest.mark.usefixtures("demo_folder")
def test_the_demo_is_one_catalogue_however_often_it_is_shown(monkeypatch):
    app = open_page("pages/Catalogs.py")
    assert "Demo catalogue" in texts(app)
    made = catalogs_made(monkeypatch)
    app.run()
    assert no_traceback(app)
    assert made == []

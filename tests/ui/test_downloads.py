"""The group CSV of a page: its name, and the two switches beside its button."""

from datetime import date

import pytest
from app_pages import no_traceback, open_page
from group_tables import read_groups_csv

from shopsim.catalog.open_folder import load_catalog
from shopsim.grouping.corrections.action import SAME, action
from shopsim.grouping.corrections.store import keep
from shopsim.grouping.groups_csv import COLUMNS
from shopsim.ui.parts import downloads


@pytest.fixture
def written(monkeypatch):
    """What the buttons of the page would write, by the label; and the names."""
    found = {}

    def keep(label, data, file_name, **_):
        found[label] = (file_name, data)

    monkeypatch.setattr(downloads.st, "download_button", keep)
    return found


def test_the_name_says_catalogue_clustering_value_and_date(tiny_catalog, written):
    app = open_page(folder=tiny_catalog, at="0.99")
    assert no_traceback(app)
    name, _ = written["Download the groups as CSV"]
    assert name == f"{tiny_catalog.name}-groups-average-99.0-{date.today().isoformat()}.csv"


def test_a_switch_writes_catalogue_settings_and_date_into_the_file(tiny_catalog, written, tmp_path):
    app = open_page(folder=tiny_catalog, at="0.99")
    _, write = written["Download the groups as CSV"]
    (tmp_path / "plain.csv").write_bytes(write())
    assert tuple(read_groups_csv(tmp_path / "plain.csv").columns) == COLUMNS
    app.toggle(key="csv-about-groups").set_value(True).run()
    assert no_traceback(app)
    _, write = written["Download the groups as CSV"]
    header, first, *_ = write().decode("utf-8-sig").splitlines()
    assert header.endswith(",catalog,settings,date")
    assert tiny_catalog.name in first
    assert "clusterer=average" in first
    assert first.endswith(date.today().isoformat())


def test_a_switch_leaves_texts_as_they_are(tiny_catalog, written):
    app = open_page(folder=tiny_catalog)
    app.toggle(key="csv-raw-groups").set_value(True).run()
    name, write = written["Download the groups as CSV"]
    assert name.endswith("-raw.csv")
    assert write()


def test_the_name_says_that_the_groups_are_corrected(tiny_catalog, written):
    catalog = load_catalog(tiny_catalog)
    keep(catalog, action(SAME, [[image.digest] for image in catalog.images]))
    open_page("pages/Groups.py", tiny_catalog, at="0.99")
    name, write = written["Download all groups as CSV"]
    assert "-average-corrected-99.0-" in name
    assert len({line.split(",")[3] for line in write().decode("utf-8-sig").splitlines()[1:]}) == 1

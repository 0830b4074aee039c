"""The page Runs and report: what is kept is listed, restored by a link, and compared."""

from shutil import copytree
from urllib.parse import parse_qs

import pytest
import streamlit as st
from app_pages import (
    address_of,
    as_read,
    button,
    metrics,
    no_traceback,
    open_page,
    select,
    sentences,
    settled,
    texts,
    threshold,
)
from drawn_photos import draw_photo

from shopsim.grouping.runs.file import path_of
from shopsim.grouping.runs.kept import kept_runs

PAGE = "pages/Runs.py"


def runs_page(folder, **address):
    app = open_page(PAGE, folder, **address)
    assert no_traceback(app)
    return app


def keep(app, name, who="ann"):
    field(app, "Name of the run").set_value(name)
    field(app, "Kept by").set_value(who)
    button(app, "Keep this run").click()
    return settled(app)


def field(app, label):
    return next(each for each in app.text_input if each.label == label)


def at(app, percent):
    threshold(app).set_value(percent)
    return settled(app)


def listed(app):
    return list(app.dataframe[0].value["run"]) if app.dataframe else []


def restoring_link(app):
    """The parameters of the link that restores the shown run; None if the page shows it."""
    links = [link.proto for link in app.get("page_link") if link.proto.label == "Restore this run"]
    return {name: values[0] for name, values in parse_qs(links[0].query_string).items()} if links else None


def test_a_run_is_kept_with_its_name_and_person(tiny_catalog):
    app = keep(runs_page(tiny_catalog), "monday")
    assert not sentences(app)
    assert listed(app) == ["monday"]
    (about,) = kept_runs()
    assert (about.name, about.provenance.who, about.settings.folder) == ("monday", "ann", str(tiny_catalog))
    assert "The page shows this run. The photos are the same" in texts(app) + str([each.value for each in app.success])


def test_a_run_without_a_name_is_refused(tiny_catalog):
    app = keep(runs_page(tiny_catalog), "  ")
    assert sentences(app) == ["The name of a run has 0 letters; it needs 1 to 100."]
    assert kept_runs() == []


def test_the_link_of_a_run_restores_it(tiny_catalog):
    app = keep(at(runs_page(tiny_catalog), 92.0), "monday")
    app = at(app, 96.0)
    link = restoring_link(app)
    assert (link["at"], link["run"]) == ("0.92", kept_runs()[0].id)
    again = open_page(PAGE, **link)
    assert threshold(again).value == 92.0
    assert restoring_link(again) is None
    assert "The page shows this run." in again.success[0].value


def test_a_run_of_the_command_line_is_restored_too(tiny_catalog, group):
    kept = group("--keep", "monday", "--threshold", "0.4", "--clusterer", "complete")
    link = restoring_link(runs_page(tiny_catalog))
    again = open_page(PAGE, **link)
    assert address_of(again)["run"] == kept["kept_run"]
    assert "The groups of these photos are the same as in the run." in again.success[0].value


@pytest.mark.usefixtures("looking_each_time")
def test_photos_that_changed_since_are_named(tiny_catalog):
    keep(at(runs_page(tiny_catalog), 92.0), "monday")
    draw_photo(tiny_catalog / "bags" / "101_98_0.png", (200, 40, 40), 78)
    link = restoring_link(runs_page(tiny_catalog, at="0.99"))
    again = open_page(PAGE, **link)
    said = [as_read(each.value) for each in (*again.success, *again.warning)]
    assert any("1 photo is new: bags/101_98_0.png." in each for each in said)


def test_two_runs_are_compared_with_photos(tiny_catalog):
    app = keep(at(runs_page(tiny_catalog), 92.0), "monday")
    app = keep(at(app, 99.9), "tuesday")
    assert listed(app) == ["tuesday", "monday"]
    assert (select(app, "Earlier run").value, select(app, "Later run").value) != ("", "")
    assert metrics(app)["Photos in both"] == "16"
    labels = [str(option) for each in app.get("button_group") for option in each.options]
    assert any("Split (" in label for label in labels)


def test_a_run_is_renamed_and_removed(tiny_catalog):
    app = keep(runs_page(tiny_catalog), "monday")
    field(app, "New name").set_value("week 1")
    button(app, "Rename the run").click()
    app = settled(app)
    assert listed(app) == ["week 1"]
    button(app, "Remove the run for good").click()
    assert listed(settled(app)) == []


def test_a_damaged_run_leaves_the_page_and_the_others_whole(tiny_catalog):
    app = keep(at(runs_page(tiny_catalog), 92.0), "monday")
    keep(at(app, 99.9), "tuesday")
    path = path_of(kept_runs()[1].id)
    path.write_bytes(path.read_bytes()[:-1])
    # What was read before is still in memory.
    st.cache_resource.clear()
    app = runs_page(tiny_catalog, at="0.95")
    assert listed(app) == ["tuesday", "monday"]
    assert any("The file of the run 'monday' is damaged" in said for said in sentences(app))


def test_what_mistakes_cost_leads_to_the_cheapest_threshold(tiny_catalog):
    app = at(runs_page(tiny_catalog), 99.9)
    prices = {each.label: each for each in app.number_input}
    prices["Cost of a missed pair"].set_value(5.0)
    app = settled(app)
    button(app, "Take the threshold that costs least").click()
    app = settled(app)
    assert button(app, "Take the threshold that costs least").disabled


def test_without_labels_costs_are_not_known(tiny_catalog):
    app = runs_page(tiny_catalog, form="plain")
    assert "How many pairs are wrong is not known" in texts(app)


@pytest.mark.parametrize("run", ["nothing", "<script>", "0" * 5000])
def test_a_link_to_a_run_that_is_gone_shows_another(tiny_catalog, run):
    keep(runs_page(tiny_catalog), "monday")
    app = runs_page(tiny_catalog, run=run)
    assert not sentences(app)
    assert select(app, "Run").value == kept_runs()[0].id


def test_runs_of_other_catalogues_are_shown_on_request_only(tiny_catalog, tmp_path):
    keep(runs_page(tiny_catalog), "monday")
    other = copytree(tiny_catalog, tmp_path / "other")
    app = runs_page(other)
    assert listed(app) == []
    assert "run" not in address_of(app)
    app.toggle(key="runs-elsewhere").set_value(True)
    app = settled(app)
    assert listed(app) == ["monday"]
    assert select(app, "Run").value is None
    assert select(app, "Run").options == [f"monday (of {tiny_catalog.name})"]
    assert "run" not in address_of(app)


def test_a_run_that_was_just_kept_is_the_one_shown(tiny_catalog):
    app = keep(at(runs_page(tiny_catalog), 92.0), "monday")
    app = keep(at(app, 99.9), "tuesday")
    assert select(app, "Run").value == kept_runs()[0].id
    assert kept_runs()[0].name == "tuesday"

"""Corrections and the rule on a column where groups are kept and handed on: the page keeps what it shows."""

from urllib.parse import parse_qs

import pytest
from app_pages import address_of, as_read, button, button_labels, no_traceback, open_page, select, settled, texts
from column_cases import table_of_photos
from mixed_folders import one_wrong

from shopsim.catalog.open_folder import load_catalog
from shopsim.grouping.corrections.action import SAME, SPLIT, action
from shopsim.grouping.corrections.store import keep as keep_correction
from shopsim.grouping.corrections.store import undo
from shopsim.grouping.runs.file import read_run
from shopsim.grouping.runs.kept import kept_runs

PAGE, GROUPS = "pages/Runs.py", "pages/Groups.py"


@pytest.fixture
def folder(tmp_path):
    return one_wrong(tmp_path / "mixed")


def split_the_wrong_one(folder):
    catalog = load_catalog(folder)
    digest = {image.image_id: image.digest for image in catalog.images}
    wrong = digest["green/green-8.png"]
    red = [digest[name] for name in digest if name.startswith("red/")]
    keep_correction(catalog, action(SPLIT, [[wrong], red], "Jisoo"))


def merge_all(folder):
    catalog = load_catalog(folder)
    undo(catalog)
    keep_correction(catalog, action(SAME, [[image.digest] for image in catalog.images], "Minho"))


def keep_run(app, name):
    next(each for each in app.text_input if each.label == "Name of the run").set_value(name)
    return press(app, "Keep this run")


def press(app, label):
    button(app, label).click()
    app = settled(app)
    assert no_traceback(app)
    return app


def plain(app):
    return texts(app).replace("*", "")


def link_of(app):
    """The parameters of the link that restores the shown run; None if the page shows it."""
    links = [link.proto for link in app.get("page_link") if link.proto.label == "Restore this run"]
    return {name: values[0] for name, values in parse_qs(links[0].query_string).items()} if links else None


def n_groups(app):
    return sum(label.startswith("Group ") for label in button_labels(app))


def boxes(app):
    return [as_read(each.value) for each in (*app.success, *app.warning, *app.info)]


def test_the_page_keeps_the_groups_with_corrections_that_it_shows(folder):
    split_the_wrong_one(folder)
    app = open_page(PAGE, folder)
    assert "1 correction used here" in plain(app)
    assert "do not measure the method" in texts(app)
    app = keep_run(app, "corrected")
    app = keep_run(press(app, "Leave corrections out"), "plain")
    assert "What this page keeps and hands on has no corrections." in texts(app)
    without, corrected = kept_runs()
    assert (without.corrections, corrected.corrections.kinds) == (None, {"split": 1})
    assert corrected.scores.n_groups == without.scores.n_groups + 1
    assert corrected.without_corrections == without.scores
    assert read_run(corrected.id).groups.max() == corrected.scores.n_groups - 1


def test_the_table_of_runs_never_mixes_scores(folder):
    split_the_wrong_one(folder)
    app = keep_run(open_page(PAGE, folder), "corrected")
    app = keep_run(press(app, "Leave corrections out"), "plain")
    table = next(each.value for each in app.dataframe if "run" in each.value)
    assert table["ARI"].nunique() == 1
    assert table["corrections"].tolist()[1] == 1
    assert table["ARI with corrections"].tolist()[1] > table["ARI"][1]


def test_the_link_of_a_run_restores_its_groups_whatever_is_corrected_later(folder):
    split_the_wrong_one(folder)
    app = keep_run(open_page(PAGE, folder), "corrected")
    kept_groups = n_groups(open_page(GROUPS, folder))
    merge_all(folder)
    now = open_page(PAGE, folder)
    assert any("Other corrections count now: 1." in each for each in boxes(now))
    assert n_groups(open_page(GROUPS, folder)) == 1
    link = link_of(now)
    app = open_page(PAGE, **link)
    assert "1 correction used here, those of the run corrected" in plain(app)
    (told,) = [each for each in boxes(app) if "The page shows this run." in each]
    assert "The groups of these photos are the same as in the run." in told
    assert "Other corrections count now: 1." in told
    assert link_of(app) is None
    assert n_groups(open_page(GROUPS, **link)) == kept_groups


def test_the_link_of_a_run_without_corrections_leaves_them_out(folder):
    keep_run(open_page(PAGE, folder), "plain")
    before = n_groups(open_page(GROUPS, folder))
    split_the_wrong_one(folder)
    app = open_page(PAGE, folder)
    assert any("its groups respect none of those that were made: 1." in each for each in boxes(app))
    link = link_of(app)
    assert any("The page shows this run." in each for each in boxes(open_page(PAGE, **link)))
    groups = open_page(GROUPS, **link)
    assert n_groups(groups) == before
    assert n_groups(press(groups, "Use corrections")) == before + 1


def test_the_choice_of_corrections_goes_along_to_other_pages(folder):
    split_the_wrong_one(folder)
    app = open_page(PAGE, folder, corrections="0")
    app.query_params.clear()
    app = settled(app.switch_page(GROUPS))
    assert address_of(app)["corrections"] == "0"
    app = press(app, "Use corrections")
    app.query_params.clear()
    assert "corrections" not in address_of(settled(app.switch_page(PAGE)))


@pytest.mark.parametrize("which", ["f" * 16, "nothing", "<script>", "0" * 5000])
def test_an_address_that_names_no_run_shows_the_corrections_of_now(folder, which):
    split_the_wrong_one(folder)
    app = open_page(PAGE, folder, corrections=which)
    assert no_traceback(app)
    assert "1 correction used here" in plain(app)
    assert any("The run whose corrections the address names is gone." in each for each in boxes(app)) == (
        which == "f" * 16
    )


def test_a_correction_made_while_a_run_is_shown_counts_at_once(folder):
    split_the_wrong_one(folder)
    keep_run(open_page(PAGE, folder), "corrected")
    app = open_page(GROUPS, folder, corrections=kept_runs()[0].id)
    app = press(app, "Undo")
    assert "corrections" not in address_of(app)
    assert "No corrections yet" in texts(app)


def test_a_run_keeps_the_rule_on_a_column(tmp_path):
    folder = table_of_photos(tmp_path / "shop")
    app = open_page(PAGE, folder, never_join="brand", clusterer="average", space="raw", at="0.0")
    assert "Photos that differ in brand are never joined." in texts(app)
    keep_run(app, "brands")
    (about,) = kept_runs()
    assert about.settings.never_join == "brand"
    other = open_page(PAGE, folder)
    link = link_of(other)
    assert link["never_join"] == "brand"
    again = open_page(PAGE, **link)
    assert any("The groups of these photos are the same as in the run." in each for each in boxes(again))
    assert select(again, "Never join photos that differ in").value == "brand"


def test_new_photos_are_matched_without_corrections_and_the_page_says_so(folder):
    assert "without corrections" not in texts(open_page("pages/Match.py", folder))
    split_the_wrong_one(folder)
    assert "matched with the groups without corrections." in texts(open_page("pages/Match.py", folder))

"""A link may name a network, but only a click on this machine lets it be fetched, loaded and run."""

from functools import partial

import pytest
from app_pages import (
    PROJECT,
    address_of,
    button_labels,
    go_to,
    no_traceback,
    open_page,
    sentences,
    settled,
    texts,
    visit,
)
from network_cases import save_writing_network, write_saved_model

from shopsim.base.paths import home_dir
from shopsim.base.workspace.database import read
from shopsim.base.workspace.rows import rows
from shopsim.base.workspace.schema import TRUSTED
from shopsim.features.networks import weights
from shopsim.features.networks.weights import trust
from shopsim.grouping.recipe import Recipe
from shopsim.tuning.leaderboard_cell import Cell
from shopsim.ui.server import jobs

HANDLE = "https://networks.example/some_model/1"
QUESTION = f"A SavedModel is a program: shopsim will load and run {HANDLE}. Only do this for one you trust."


@pytest.fixture
def asked_for(monkeypatch):
    """The addresses that something tried to fetch; none of them answers."""
    asked = []

    def refuse(address, timeout):
        asked.append(address)
        raise OSError("no network in tests")

    monkeypatch.setattr(weights.urllib.request, "urlopen", refuse)
    return asked


def linked(folder, page="app.py", handle=HANDLE):
    return settled(visit(page, folder, extractor="tfhub", **{"extractor.handle": handle}))


def questions(app):
    return [warning.value.replace("\\", "") for warning in app.warning]


def load_it(app):
    return next(button for button in app.button if button.label == "Load it")


@pytest.mark.parametrize("page", ["app.py", "pages/Map.py", "pages/Groups.py", "pages/Confusion.py"])
def test_a_link_to_a_network_starts_nothing_before_the_click(tiny_catalog, asked_for, page):
    app = linked(tiny_catalog, page)
    assert no_traceback(app)
    assert questions(app) == [QUESTION]
    assert not asked_for
    assert not [job for job in jobs()._jobs.values() if "features" in job.title]
    assert not app.metric
    assert not sentences(app)


@pytest.mark.parametrize("page", ["app.py", *(f"pages/{path.name}" for path in PROJECT.glob("pages/*.py"))])
def test_no_page_fetches_what_a_link_names(tiny_catalog, asked_for, page):
    assert no_traceback(linked(tiny_catalog, page))
    assert not asked_for


def test_a_network_that_only_the_leaderboard_would_load_is_asked_about(tiny_catalog, asked_for, monkeypatch):
    cell = Cell("tfhub", {"handle": HANDLE}, Recipe())
    monkeypatch.setattr("shopsim.ui.compare.board._chosen_cells", lambda _: [cell])
    app = open_page("pages/Compare.py", tiny_catalog)
    assert no_traceback(app)
    assert questions(app) == [QUESTION]
    assert "Start" not in button_labels(app)
    assert not asked_for


def test_a_folder_whose_files_were_exchanged_is_asked_about_again(tiny_catalog, tmp_path):
    net = write_saved_model(tmp_path / "net")
    trust("tfhub", handle=str(net))
    assert questions(linked(tiny_catalog, handle=str(net))) == []
    (net / "saved_model.pb").write_bytes(b"another graph")
    assert "Its files are not those that you trusted before." in questions(linked(tiny_catalog, handle=str(net)))[0]


@pytest.mark.slow
def test_a_network_that_writes_when_it_runs_waits_for_the_click(tiny_catalog, tmp_path):
    witness = tmp_path / "it ran"
    plant = save_writing_network(tmp_path / "plant", witness, 32)
    app = settled(visit("app.py", tiny_catalog, extractor="tfhub", **{"extractor.handle": plant, "extractor.size": 32}))
    assert len(questions(app)) == 1
    assert not witness.exists()
    load_it(app).click()
    app = settled(app)
    assert no_traceback(app)
    assert not sentences(app)
    assert witness.exists()


def test_a_click_loads_that_network_and_no_other(tiny_catalog, asked_for):
    app = linked(tiny_catalog)
    load_it(app).click()
    settled(app)
    assert asked_for == [f"{HANDLE}?tf-hub-format=compressed"]
    assert not questions(app)
    other = linked(tiny_catalog, handle=f"{HANDLE}2")
    assert len(questions(other)) == 1
    assert len(asked_for) == 1


def test_a_confirmed_network_is_remembered(tiny_catalog, asked_for):
    app = linked(tiny_catalog)
    load_it(app).click()
    settled(app)
    asked_for.clear()
    later = linked(tiny_catalog)
    assert not questions(later)
    assert read(partial(rows, table=TRUSTED)) == [(HANDLE, None)]


def test_a_folder_is_a_program_too(tiny_catalog, tmp_path):
    app = linked(tiny_catalog, handle=str(tmp_path))
    assert len(questions(app)) == 1


def test_a_hostile_handle_is_asked_about_like_any_other(tiny_catalog, tmp_path, monkeypatch, asked_for, subtests):
    for handle in ["x" * 4000, f"https://a/{'x' * 4000}", "a\0b", "https://", "~", "**b** $x$", "../.."]:
        with subtests.test(handle=handle):
            monkeypatch.setenv("SHOPSIM_MODEL_DIR", str(tmp_path))
            app = linked(tiny_catalog, handle=handle)
            assert no_traceback(app)
            assert len(questions(app)) == 1
            assert not asked_for


def test_a_missing_handle_is_told_without_a_question(tiny_catalog):
    app = linked(tiny_catalog, handle="")
    assert not questions(app)
    assert sentences(app)[0].startswith("The handle is ''")


def test_the_choice_stays_while_the_question_stands(tiny_catalog, asked_for):
    app = go_to(linked(tiny_catalog), "pages/Groups.py")
    assert questions(app) == [QUESTION]
    assert address_of(app)["extractor.handle"] == HANDLE


def test_another_extractor_is_the_way_out(tiny_catalog, fake_extractor, asked_for):
    app = linked(tiny_catalog)
    next(select for select in app.selectbox if select.label == "Feature extractor").set_value("fake")
    settled(app)
    assert not questions(app)
    assert app.metric


def test_weights_that_are_not_at_hand_are_told_in_the_sidebar(tiny_catalog, tmp_path, monkeypatch, asked_for):
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "hub"))
    app = open_page(folder=tiny_catalog, extractor="mobilenet_v2")
    assert "Its weights are not at hand yet." in texts(app)


def test_a_damaged_list_of_an_earlier_version_is_no_trust_and_said_once(tiny_catalog, asked_for):
    home_dir().mkdir(parents=True)
    said = []
    for text in ("{", f'"{HANDLE}"', f'["{HANDLE}"]', "null"):
        (home_dir() / "shopsim.db").unlink(missing_ok=True)
        (home_dir() / "trusted-networks.json").write_text(text)
        *told, question = questions(linked(tiny_catalog))
        assert question == QUESTION
        said += told
    assert len(said) == 1
    assert said[0].startswith("Not all of '")


def test_a_damaged_database_is_no_trust_and_said(tiny_catalog, asked_for):
    home_dir().mkdir(parents=True)
    (home_dir() / "shopsim.db").write_bytes(HANDLE.encode() * 100)
    app = linked(tiny_catalog)
    assert no_traceback(app)
    said, question = questions(app)
    assert question == QUESTION
    assert "was damaged, or no database of shopsim, and is kept as 'shopsim.db.damaged-1'" in said

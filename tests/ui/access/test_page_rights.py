"""On a server that others reach, only a visitor who has given its secret changes what they see."""

import pytest
from app_pages import (
    address_of,
    button,
    button_labels,
    go_to,
    no_traceback,
    open_page,
    sentences,
    settled,
    texts,
    visit,
)
from mixed_folders import BLUE, GREEN, RED, mixed_folder

from shopsim import ShopsimError
from shopsim.base.paths import cache_dir
from shopsim.catalog.open_folder import load_catalog
from shopsim.review.decisions import read_decisions
from shopsim.ui.access import rights
from shopsim.ui.catalogs.summary import _clear
from shopsim.ui.parts.recent import Recent, recent_catalogs, remember
from shopsim.ui.server import jobs

SECRET = "correct horse battery staple"
CATALOGS, REVIEW = "pages/Catalogs.py", "pages/Review.py"


@pytest.fixture(autouse=True)
def no_tries(monkeypatch):
    """Nobody has tried a secret yet, nor given it."""
    monkeypatch.setattr(rights, "_tries", rights.Tries())
    rights.give_up()


@pytest.fixture
def share(folder, monkeypatch):
    """Lets others reach the server from then on, and see the photos."""

    def let():
        monkeypatch.setattr(rights, "is_local", lambda *_: False)
        monkeypatch.setenv("SHOPSIM_ROOTS", str(folder))

    return let


@pytest.fixture
def shared(share):
    """A server that others reach."""
    share()


@pytest.fixture
def folder(tmp_path):
    """Photos in three colours; one red photo is said to be of the green model."""
    return mixed_folder(tmp_path / "mixed", {"blue": [BLUE] * 8, "green": [GREEN] * 7 + [RED], "red": [RED] * 8})


@pytest.fixture
def secret(monkeypatch):
    monkeypatch.setenv(rights.TOKEN, SECRET)
    return SECRET


def give(app, text):
    next(field for field in app.text_input if field.label == "Secret").set_value(text)
    button(app, "Give it").click()
    return settled(app)


def boxes(app):
    return [box.label for box in app.expander]


def test_on_localhost_nobody_is_asked(folder, secret):
    app = open_page(REVIEW, folder)
    assert not [label for label in boxes(app) if label.startswith("You may")]
    assert not button(app, "Accept").disabled


def test_without_a_secret_nobody_decides(folder, shared):
    app = open_page(REVIEW, folder)
    assert no_traceback(app)
    assert "You may look, but not change anything" in boxes(app)
    assert "No secret was set when it was started, so nobody may." in texts(app)
    assert button(app, "Accept").disabled


def test_a_click_that_is_sent_all_the_same_decides_nothing(folder, share):
    app = open_page(REVIEW, folder)
    share()
    button(app, "Accept").click()
    settled(app)
    assert rights.WHY_NOT in sentences(app)
    assert dict(read_decisions(load_catalog(folder))) == {}


def test_whoever_gives_the_secret_decides_and_may_give_it_up(folder, shared, secret):
    app = give(open_page(REVIEW, folder), secret)
    assert no_traceback(app)
    assert "You may change what others see" in boxes(app)
    button(app, "Accept").click()
    settled(app)
    assert [each.verdict for each in read_decisions(load_catalog(folder)).values()] == ["accepted"]
    button(app, "Give this up").click()
    settled(app)
    assert "You may look, but not change anything" in boxes(app)


def test_a_page_tells_of_a_wrong_secret_and_goes_on(folder, shared, secret):
    app = give(open_page(REVIEW, folder), "a wrong one of some length")
    assert no_traceback(app)
    assert sentences(app)[0].startswith("That is not the secret of this server")
    assert button(app, "Accept").disabled


def test_the_secret_holds_on_other_pages_and_for_no_other_visitor(folder, shared, secret):
    app = go_to(give(open_page(REVIEW, folder), secret), CATALOGS)
    assert not app.button(key="clear-features").disabled
    assert open_page(CATALOGS, folder).button(key="clear-features").disabled


def test_the_secret_stays_out_of_the_address_and_of_what_the_session_keeps(folder, shared, secret, caplog):
    app = give(open_page(REVIEW, folder), secret)
    assert secret not in str(address_of(app))
    assert secret not in str([app.session_state[key] for key in ("choice", "rights", "address")])
    assert secret not in caplog.text


@pytest.mark.parametrize(
    "wrong", ["", "correct", SECRET.upper(), f"{SECRET} ", "ｃorrect horse battery staple", "\udc80", "\ud800"]
)
def test_a_wrong_secret_is_told_and_gives_nothing(secret, wrong):
    with pytest.raises(ShopsimError, match="That is not the secret of this server"):
        rights.give_secret(wrong)


def test_a_secret_that_is_soon_guessed_is_no_secret(monkeypatch, folder, shared):
    monkeypatch.setenv(rights.TOKEN, "short")
    with pytest.raises(ShopsimError, match="has 5 characters; a secret needs at least 16"):
        rights.give_secret("short")
    app = open_page(REVIEW, folder)
    assert "SHOPSIM_ADMIN_TOKEN has 5 characters; a secret needs at least 16." in sentences(app)
    assert button(app, "Accept").disabled


def test_no_secret_is_never_the_empty_one():
    with pytest.raises(ShopsimError, match="That is not the secret"):
        rights.give_secret("")


def test_what_a_browser_keeps_in_the_session_is_no_right(folder, shared, secret):
    app = visit(REVIEW, folder)
    for value in (True, "given", object()):
        app.session_state["rights"] = value
        assert button(settled(app), "Accept").disabled


def test_visitors_clear_upload_add_and_forget_nothing(folder, shared):
    remember(Recent(str(folder)))
    app = open_page(CATALOGS, folder)
    assert no_traceback(app)
    assert app.get("file_uploader") == []
    assert not {"Unpack and open", "Add", "Remove for good"} & set(button_labels(app))
    clears = [each for each in app.button if each.label == "Clear"]
    assert clears
    assert all(each.disabled for each in clears)
    assert app.button(key=f"forget-{folder}").disabled
    assert recent_catalogs() == [Recent(str(folder))]


def test_a_click_that_is_sent_all_the_same_clears_and_forgets_nothing(folder, share):
    remember(Recent(str(folder)))
    app = go_to(open_page(folder=folder), CATALOGS)
    share()
    for key in ("clear-features", f"forget-{folder}"):
        app.button(key=key).click()
    app.run()
    with pytest.raises(ShopsimError, match="only a visitor who has given its secret"):
        _clear("features")
    assert list((cache_dir() / "features").iterdir()) != []
    assert recent_catalogs() == [Recent(str(folder))]


def test_visitors_open_what_they_may_and_change_nobodys_list(folder, shared):
    app = open_page(CATALOGS, folder)
    next(field for field in app.text_input if field.label.startswith("Folder")).set_value(str(folder / "red"))
    button(app, "Open").click()
    settled(app)
    assert "red" in [each.value for each in app.subheader]
    assert recent_catalogs() == []


def test_with_the_secret_any_folder_opens(folder, shared, secret, tiny_catalog):
    assert "may not be opened here" in sentences(open_page(REVIEW, tiny_catalog))[0]
    app = give(open_page(REVIEW, folder), secret)
    app.query_params["folder"] = str(tiny_catalog)
    assert not [each for each in sentences(settled(app)) if "may not be opened" in each]


def test_another_address_is_as_good_as_roots(monkeypatch, folder):
    monkeypatch.setattr(rights, "is_local", lambda *_: False)
    assert "may not be opened here; folders that may be" in sentences(open_page(REVIEW, folder))[0]


def test_a_job_is_stopped_by_who_started_it_or_may(monkeypatch, folder, shared):
    monkeypatch.setattr(rights.st, "session_state", {})
    assert not rights.may_stop("a")
    rights.note_started("a")
    assert rights.may_stop("a")
    assert not rights.may_stop("b")
    monkeypatch.setattr(rights.st, "session_state", {"rights": rights._Right()})
    assert rights.may_stop("b")


def test_another_visitors_job_has_no_stop(folder, shared, monkeypatch):
    """Whoever looks on sees how far it is."""
    app = open_page(folder=folder)
    assert no_traceback(app)
    kept = {key: job for key, job in jobs()._jobs.items() if job.title.startswith("Extracting")}
    assert kept.keys() <= app.session_state["started"]
    other = open_page(folder=folder)
    assert "started" not in other.session_state or not kept.keys() & other.session_state["started"]


def test_networks_are_trusted_only_by_who_may(folder, shared, secret):
    given = {"extractor": "tfhub", "extractor.handle": "https://networks.example/net/1"}
    app = open_page(folder=folder, **given)
    assert "Load it" not in button_labels(app)
    assert not [select for select in app.selectbox if "Another network" in select.options]

"""Auto on the Tune page and tuned settings on every page: found, checked, used, sent, added, removed."""

from dataclasses import replace
from threading import Event

import numpy as np
import pytest
from app_pages import (
    address_of,
    go_to,
    metrics,
    no_traceback,
    open_page,
    sentences,
    served,
    settled,
    texts,
    visit,
)

from shopsim.as_tuned import features_as_tuned, group_as_tuned
from shopsim.auto_candidates import auto_candidates
from shopsim.calibration import Calibration
from shopsim.open_catalog import load_catalog
from shopsim.paths import cache_dir
from shopsim.pipeline import features_of
from shopsim.store import Store
from shopsim.tuned_files import load_settings, names, save_settings, tuned_dir, zip_of
from shopsim.tuned_import import remove_settings
from shopsim.tuning import tune
from shopsim.ui.server import jobs

pytestmark = pytest.mark.usefixtures("fake_extractor")
N_TRIED = 2


@pytest.fixture(autouse=True)
def server(tmp_path, monkeypatch):
    """Each test is the first visitor of a server of its own, where Auto has little to try."""

    def few(companions=()):
        return auto_candidates()[:N_TRIED]

    for place in ("shopsim.tuning", "shopsim.heldout", "shopsim.ui.auto_plan"):
        monkeypatch.setattr(f"{place}.auto_candidates", few)
    monkeypatch.setattr("shopsim.ui.auto_plan.companions_of", lambda extractor: ())
    yield from served(tmp_path / "static", monkeypatch)


def draw_models(folder, draw_photo, n_models, seed, labelled=True):
    """Models of four photos, told apart by colour."""
    colours = np.random.default_rng(seed).integers(20, 235, size=(n_models, 3)).tolist()
    for number in range(4 * n_models):
        model = number % n_models
        place = folder / str(model) / f"{number}.png" if labelled else folder / f"photo {number}.png"
        draw_photo(place, colours[model], number)
    return folder


@pytest.fixture
def many(tmp_path, draw_photo):
    """Twelve labelled models."""
    return draw_models(tmp_path / "many", draw_photo, 12, 2)


@pytest.fixture
def unseen(tmp_path, draw_photo):
    """Nine other models, no labels."""
    return draw_models(tmp_path / "unseen", draw_photo, 9, 5, labelled=False)


@pytest.fixture
def kept(many):
    """The name of settings tuned on the labelled models."""
    catalog = load_catalog(many)
    features = features_of(catalog, "fake", {}, cache_dir())
    settings = tune(catalog, features, "fake", {}, {})
    save_settings(settings)
    return settings.name


def auto(folder, **address):
    """The Tune page with the expander open."""
    app = visit(folder=folder, **address)
    app.session_state["auto"] = True
    return settled(app)


def button(app, start):
    return next(button for button in app.button if button.label.startswith(start))


def select(app, label):
    return next((select for select in app.selectbox if select.label == label), None)


def table(app):
    return app.dataframe[0].value


def searched(folder):
    app = auto(folder)
    button(app, "Start").click()
    return settled(app)


# Auto


def test_auto_says_beforehand_what_it_will_try_and_starts_nothing(many):
    app = auto(many)
    assert no_traceback(app)
    assert f"**{N_TRIED} candidates**" in texts(app)
    assert "**12 models** of two or more photos" in texts(app)
    assert next(field for field in app.number_input if field.label == "Minutes at most").value == 10
    assert names() == []


def test_auto_keeps_what_it_found_and_tells_all_it_tried(many):
    app = searched(many)
    assert no_traceback(app)
    (name,) = names()
    assert load_settings(name).sentence in texts(app)
    tried = table(app)
    assert len(tried) == N_TRIED
    assert tried["gap"].tolist() == [0.0, tried["score"][0] - tried["score"][1]]
    # The page itself is as it was.
    assert metrics(app)["True models"] == "12"
    assert "tuned" not in address_of(app)


def test_candidates_for_which_no_time_was_left_are_listed_as_such(many, kept):
    settings = load_settings(kept)
    save_settings(replace(settings, trials=(*settings.trials, {"what": "one more", "score": None})))
    app = auto(many)
    assert "no time or memory was left for 1" in texts(app)
    assert table(app)["note"].tolist()[-1] == "not tried"


def test_too_few_models_are_told_beforehand(tiny_catalog):
    app = auto(tiny_catalog)
    assert "it needs 6 models of two or more photos, and here are 4" in texts(app)
    assert not [button for button in app.button if button.label == "Start"]


def test_photos_without_models_have_no_auto(unseen):
    assert not [box for box in open_page(folder=unseen).expander if box.label.startswith("Auto")]


def test_what_was_found_is_used_on_every_page(many):
    app = searched(many)
    button(app, "Use these").click()
    settled(app)
    (name,) = names()
    assert no_traceback(app)
    assert address_of(app)["tuned"] == name
    for page in ("pages/Groups.py", "pages/Confusion.py", "pages/Review.py", "pages/Map.py", "pages/Compare.py"):
        go_to(app, page)
        assert no_traceback(app)
        assert not sentences(app)
        assert select(app, "Settings").value == name
        assert next(slider for slider in app.slider if slider.label == "Agreement").value == 50.0


def test_the_check_scores_on_held_out_models_and_keeps_the_scores(many, kept):
    app = auto(many, tuned=kept)
    assert "not yet checked on held-out models" in texts(app)
    button(app, "Check on held-out").click()
    settled(app)
    assert no_traceback(app)
    scores = load_settings(kept).scores
    assert {"held_out", "low", "high", "baseline", "tuned"} <= scores.keys()
    assert metrics(app)["Tuned in sight"] == f"{scores['tuned']:.3f}"
    assert metrics(app)["Held-out ARI"] == f"{scores['held_out']:.3f}"
    assert metrics(app)["Contest baseline"] == f"{scores['baseline']:.3f}"
    # Of four folds of the 48 photos, not of the half that validated.
    assert scores["held_out_photos"] == pytest.approx(48 / 4)
    assert f"On held-out models of many, about 12 photos at a time: ARI **{scores['held_out']:.3f}**" in texts(app)
    n_validation = round(load_settings(kept).n_validation)
    assert f"on validation models, about {n_validation} photos at a time" in texts(app)
    assert not [button for button in app.button if button.label.startswith("Check on held-out")]


def test_the_share_of_the_baselines_error_is_told(many, kept):
    save_settings(replace(load_settings(kept), scores={"validation": 0.9, "held_out": 0.92, "baseline": 0.8}))
    app = auto(many)
    assert metrics(app)["Share of its error"] == "0.40"
    assert "0.40 of the baseline's error" in texts(app)
    # Settings that were checked before the size was kept.
    assert "Held-out ARI, with its" in texts(app)


def test_a_stopped_search_chooses_nothing_and_can_be_started_again(many, monkeypatch):
    entered, release = Event(), Event()

    def slow(plan, seconds, report):
        entered.set()
        release.wait(30)
        report(1, 2)

    monkeypatch.setattr("shopsim.ui.auto_plan.Plan.tune", slow)
    app = auto(many)
    button(app, "Start").click().run()
    assert entered.wait(30)
    # The rest of the page is there meanwhile.
    assert metrics(app)["True models"] == "12"
    (job,) = jobs().running()
    job.stop()
    release.set()
    settled(app)
    assert "Stopped before anything was chosen" in texts(app)
    assert button(app, "Start again")
    assert names() == []


def test_the_minutes_given_are_the_time_of_the_search(many, monkeypatch):
    given = []
    monkeypatch.setattr("shopsim.ui.auto_plan.Plan.tune", lambda plan, seconds, report: given.append(seconds))
    app = auto(many)
    next(field for field in app.number_input if field.label == "Minutes at most").set_value(3)
    button(app, "Start").click()
    settled(app)
    assert given == [180.0]


# Tuned settings


def test_agreement_is_not_told_as_a_similarity(many, kept):
    app = open_page(folder=many, tuned=kept)
    assert no_traceback(app)
    assert "Groups with at least **50.0%** agreement are joined" in texts(app)
    assert "similar" not in next(line for line in texts(app).splitlines() if "are joined" in line)
    assert select(app, "Space") is None
    assert "Calibrated similarity" not in [box.label for box in app.expander]
    assert not [toggle for toggle in app.toggle if toggle.label == "Strict"]


def test_other_photos_are_grouped_as_tuned_with_nothing_to_score(unseen, kept):
    app = open_page(folder=unseen, tuned=kept)
    assert no_traceback(app)
    assert "tuned on 'many'" in texts(app)
    assert "On validation models of many" in texts(app)
    catalog, settings = load_catalog(unseen), load_settings(kept)
    fitted = group_as_tuned(catalog, *features_as_tuned(catalog, settings, cache_dir()), settings, Store(cache_dir()))
    assert metrics(app)["Groups found"] == str(int(fitted.tree.cut(0.5).max()) + 1)
    assert "ARI" not in metrics(app)
    slider = next(slider for slider in app.slider if slider.label == "Agreement")
    slider.set_value(90.0)
    assert "moved by hand" in texts(settled(app))


def expected(app):
    return next(field for field in app.number_input if field.label == "Photos a model here")


def test_models_of_another_size_are_cut_for_it(unseen, kept):
    app = open_page(folder=unseen, tuned=kept)
    assert expected(app).value is None
    assert expected(app).placeholder == "as tuned: about 4"
    assert "Counts on about 4 photos a model, as on 'many'" in texts(app)
    before = metrics(app)["Groups found"]
    expected(app).set_value(1.0)
    app = settled(app)
    assert no_traceback(app)
    assert address_of(app)["expect"] == "1.0"
    assert "Cut for models of 1 photo;" in texts(app)
    assert int(metrics(app)["Groups found"]) > int(before)
    # The link reproduces it, and another page works with it too.
    again = open_page("pages/Groups.py", folder=unseen, tuned=kept, expect="1.0")
    assert no_traceback(again)
    assert expected(again).value == 1.0
    expected(app).set_value(None)
    app = settled(app)
    assert metrics(app)["Groups found"] == before
    assert "expect" not in address_of(app)


@pytest.mark.parametrize("text", ["0", "-3", "nan", "1e9", "many"])
def test_a_hostile_size_is_as_tuned(unseen, kept, text):
    app = open_page(folder=unseen, tuned=kept, expect=text)
    assert no_traceback(app)
    assert expected(app).value is None
    assert "expect" not in address_of(app)


def test_settings_are_left_and_taken_in_the_sidebar(many, kept):
    app = open_page(folder=many, tuned=kept, space="raw", expect="9.0")
    select(app, "Settings").set_value("")
    settled(app)
    assert select(app, "Space").value == "raw"
    assert not {"tuned", "expect"} & address_of(app).keys()
    select(app, "Settings").set_value(kept)
    settled(app)
    assert address_of(app)["tuned"] == kept
    assert address_of(app)["space"] == "raw"


@pytest.mark.parametrize("name", ["no-such", "../many", "~", "/etc", "x" * 4000, "a/../b", "<b>", "."])
def test_unknown_settings_fall_back_to_by_hand(many, kept, name):
    app = open_page(folder=many, tuned=name, at="0.5")
    assert no_traceback(app)
    assert not sentences(app)
    assert select(app, "Settings").value == ""
    assert not {"tuned", "at"} & address_of(app).keys()


def test_compare_puts_tuned_settings_beside_those_by_hand(many, kept):
    app = open_page("pages/Compare.py", folder=many, tuned=kept)
    assert no_traceback(app)
    assert "A: as tuned on 'many'" in texts(app)
    assert "On validation models of many" in texts(app)


def test_without_kept_settings_there_is_nothing_to_choose(many):
    app = open_page(folder=many, tuned="gone")
    assert select(app, "Settings") is None
    assert metrics(app)["True models"] == "12"


def test_settings_of_other_numbers_are_refused_in_one_sentence(many, kept, fake_extractor):
    fake_extractor.key = "fake-2"
    app = open_page(folder=many, tuned=kept)
    assert no_traceback(app)
    assert "gives other numbers here" in sentences(app)[0]
    assert select(app, "Settings").value == kept


def test_a_network_that_settings_name_is_loaded_only_after_a_click(many, kept):
    settings = load_settings(kept)
    use = replace(settings.extractors[0], name="tfhub", settings={"handle": "https://example.org/net"})
    fitted = {("tfhub", digest): space for (_, digest), space in settings.fitted.items()}
    name = save_settings(replace(settings, extractors=(use,), fitted=fitted)).name
    app = visit(folder=many, tuned=name).run()
    app = settled(app)
    assert button(app, "Load it")
    assert "A SavedModel is a program" in "".join(warning.value for warning in app.warning)


# Calibration from kept settings


def calibrated(kept):
    calibration = Calibration((-1.0, 0.2, 1.0), (-9.0, 0.0, 9.0), 0.05, 4.0)
    save_settings(replace(load_settings(kept), calibration=calibration))


def with_calibration(folder, **address):
    app = visit(folder=folder, **address)
    app.session_state["calibration"] = True
    return settled(app)


def test_photos_without_models_have_the_calibration_of_kept_settings(unseen, kept):
    calibrated(kept)
    app = with_calibration(unseen)
    assert no_traceback(app)
    assert "Two photos this similar show the same model" in texts(app)
    assert f"Calibration: tuned on 'many', by the settings {kept}" in texts(app)
    assert select(app, "Calibrated with the settings") is None


def test_of_several_kept_calibrations_another_can_be_chosen(unseen, kept):
    calibrated(kept)
    flat = Calibration((-1.0, 0.2, 1.0), (-1.0, 0.0, 1.0), 0.05, 4.0)
    settings = load_settings(kept)
    other = save_settings(
        replace(settings, tuned_on=replace(settings.tuned_on, catalog="other"), calibration=flat)
    ).name
    app = with_calibration(unseen)
    names_of = {kept: "many", other: "other"}
    before = select(app, "Calibrated with the settings").value
    assert set(select(app, "Calibrated with the settings").options) == {kept, other}
    assert f"Calibration: tuned on '{names_of[before]}'" in texts(app)
    (after,) = names_of.keys() - {before}
    select(app, "Calibrated with the settings").set_value(after)
    app = settled(app)
    assert no_traceback(app)
    assert f"Calibration: tuned on '{names_of[after]}'" in texts(app)
    go_to(app, "pages/Catalogs.py")
    app.session_state["calibration"] = True
    go_to(app, "app.py")
    assert f"Calibration: tuned on '{names_of[after]}'" in texts(app)


@pytest.mark.parametrize("address", [{"space": "raw"}, {"space.strength": "0.3"}, {"extractor": "color_shape"}])
def test_a_calibration_of_another_space_is_not_shown(unseen, kept, address):
    calibrated(kept)
    assert "Two photos this similar" not in texts(with_calibration(unseen, **address))


def test_a_guessed_threshold_tells_of_tuned_settings(unseen, many):
    assert "let _Auto_ find some" in texts(open_page(folder=unseen))


# On the Catalogs page


def catalogs(**address):
    return open_page("pages/Catalogs.py", **address)


def test_kept_settings_are_listed_and_used(many, kept):
    app = catalogs(folder=many)
    assert no_traceback(app)
    assert "Tuned on many: 48 photos of 12 models, by fake" in texts(app)
    button(app, "Use").click()
    settled(app)
    go_to(app, "app.py")
    assert select(app, "Settings").value == kept


def test_settings_are_removed_for_good_and_nothing_else(many, kept):
    (tuned_dir() / kept / "notes.txt").write_text("mine")
    app = catalogs(folder=many)
    button(app, "Remove for good").click()
    settled(app)
    assert names() == []
    assert [path.name for path in (tuned_dir() / kept).iterdir()] == ["notes.txt"]
    assert "None yet" in texts(app)


def test_settings_that_cannot_be_read_are_told_and_the_others_listed(many, kept):
    broken = tuned_dir() / "broken"
    broken.mkdir()
    (broken / "settings.json").write_text("{}")
    app = catalogs(folder=many)
    assert no_traceback(app)
    assert "holds no tuned settings" in sentences(app)[0]
    assert "Tuned on many" in texts(app)


def test_settings_are_added_from_a_folder(many, kept, tmp_path):
    elsewhere = save_settings(load_settings(kept), tmp_path / "sent")
    app = catalogs(folder=many)
    button(app, "Remove for good").click()
    settled(app)
    next(field for field in app.text_input if field.label.startswith("Or a folder")).set_value(str(elsewhere))
    button(app, "Add").click()
    settled(app)
    assert no_traceback(app)
    assert names() == [kept]


def test_settings_are_added_from_a_zip_that_was_sent(many, kept):
    sent = zip_of(load_settings(kept))
    remove_settings(kept)
    app = catalogs(folder=many)
    next(file for file in app.file_uploader if file.label == "Zip of tuned settings").set_value(
        ("sent.zip", sent, "application/zip")
    )
    button(app, "Add").click()
    settled(app)
    assert no_traceback(app)
    assert names() == [kept]
    assert "Tuned on many" in texts(app)


def test_a_zip_of_something_else_is_told(many):
    app = catalogs(folder=many)
    next(file for file in app.file_uploader if file.label == "Zip of tuned settings").set_value(
        ("sent.zip", b"no zip at all", "application/zip")
    )
    button(app, "Add").click()
    settled(app)
    assert "not a readable zip" in sentences(app)[0]


@pytest.mark.parametrize("place", ["", "/no/such/folder", "\0", "~nobody/x"])
def test_a_place_without_settings_is_told(many, place):
    app = catalogs(folder=many)
    next(field for field in app.text_input if field.label.startswith("Or a folder")).set_value(place)
    button(app, "Add").click()
    settled(app)
    assert no_traceback(app)
    assert sentences(app)
    assert names() == []


def test_strangers_add_nothing_from_elsewhere_and_remove_nothing(many, kept, tmp_path, monkeypatch):
    elsewhere = save_settings(load_settings(kept), tmp_path / "sent")
    monkeypatch.setenv("SHOPSIM_ROOTS", str(many))
    app = catalogs(folder=many)
    assert not [each for each in app.button if each.label == "Remove for good"]
    next(field for field in app.text_input if field.label.startswith("Or a folder")).set_value(str(elsewhere))
    button(app, "Add").click()
    settled(app)
    assert "may not be opened here" in sentences(app)[0]

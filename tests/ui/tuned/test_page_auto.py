"""Auto on the Tune page: what it will try, what it found, the check on held-out models."""

from dataclasses import replace
from threading import Event
from types import SimpleNamespace

import pytest
from app_pages import (
    address_of,
    as_read,
    button,
    go_to,
    metrics,
    no_traceback,
    open_page,
    select,
    sentences,
    settled,
    texts,
    visit,
)
from kept_cases import write_card

from shopsim import ShopsimError
from shopsim.catalog.open_folder import load_catalog
from shopsim.grouping.recipe import Recipe
from shopsim.tuning.candidate import Candidate
from shopsim.tuning.comparison import Comparison
from shopsim.tuning.settings_files import load_settings, names, save_settings
from shopsim.ui.server import jobs
from shopsim.ui.tune.next_step import LEAST_GAIN, MOST_GAIN, next_step


def auto(folder, **address):
    """The Tune page with the expander open."""
    app = visit(folder=folder, **address)
    app.session_state["auto"] = True
    return settled(app)


def table(app):
    return app.dataframe[0].value


def searched(folder):
    app = auto(folder)
    button(app, "Start").click()
    return settled(app)


def test_auto_says_beforehand_what_it_will_try_and_starts_nothing(many):
    app = auto(many)
    assert no_traceback(app)
    assert "**2 candidates**" in texts(app)
    assert "**12 models** of two or more photos" in texts(app)
    assert next(field for field in app.number_input if field.label == "Minutes at most").value == 10
    assert names() == []


def test_auto_keeps_what_it_found_and_tells_all_it_tried(many):
    app = searched(many)
    assert no_traceback(app)
    (name,) = names()
    assert load_settings(name).sentence in texts(app)
    tried = table(app)
    assert len(tried) == 2
    assert tried["gap"].tolist() == [0.0, tried["score"][0] - tried["score"][1]]
    # The page itself is as it was.
    assert metrics(app)["True models"] == "12"
    assert "tuned" not in address_of(app)


def test_the_main_extractor_of_tuned_settings_is_not_combined_with_itself(many):
    searched(many)
    app = auto(many, extractor="color_shape", add="fake", tuned=names()[0])
    assert no_traceback(app)
    assert "A candidate is a space of fake" in texts(app)
    assert "combined with fake" not in texts(app)
    assert "is the main extractor" not in texts(app)


def test_auto_starts_from_the_first_of_two_extractors_and_says_so(many):
    app = auto(many, add="image_signature")
    assert "Auto starts from the first extractor." in texts(app)
    button(app, "Start").click()
    settled(app)
    assert no_traceback(app)
    assert load_settings(names()[0]).main == "fake"


def test_auto_is_compared_with_the_setting_of_the_page_before_anything_is_used(many):
    app = searched(many)
    settings = load_settings(names()[0])
    compared = settings.comparison
    assert compared.setting == "fake, whitened, average"
    assert compared.auto == settings.scores["held_out"]
    assert compared.baseline == settings.scores["baseline"]
    assert [compared.sentence] == [as_read(box.value) for box in (*app.success, *app.info) if "ARI" in box.value]
    assert "tuned" not in address_of(app)


def test_where_auto_does_not_win_the_page_says_so_and_using_it_is_no_longer_the_main_button(many, kept):
    compared = Comparison("fake, whitened, average", 0.7, 0.8, 0.6, -0.1, 0.02, 0.7, 0.9, 48, 12)
    save_settings(replace(load_settings(kept), comparison=compared))
    app = auto(many)
    assert "The setting stays as it is, because Auto is not better on held-out models" in texts(app)
    assert button(app, "Use anyway")
    assert not [button for button in app.button if button.label.startswith("Check on held-out")]


def test_a_comparison_with_another_setting_can_be_made_anew_for_this_one(many, kept):
    compared = Comparison("fake, raw, average", 0.9, 0.8, 0.6, 0.1, 0.02, 0.9, 0.9, 48, 12)
    save_settings(replace(load_settings(kept), comparison=compared))
    app = auto(many)
    assert app.success[0].value.startswith("Auto wins")
    assert app.success[0].value.endswith("This page now has another setting.")
    button(app, "Check on held-out").click()
    app = settled(app)
    assert load_settings(kept).comparison.setting == "fake, whitened, average"
    assert not any("another setting" in box.value for box in (*app.success, *app.info))


def test_few_models_and_photos_are_told_before_the_start(many):
    assert "12 models of two or more photos and 48 photos; at least 20 and 200 are better" in texts(auto(many))
    assert names() == []


def test_the_next_step_leads_to_auto_and_then_to_what_it_found(many):
    app = open_page(folder=many)
    assert "**Next step**: start Auto. With so few models or photos nobody can say" in texts(app)
    assert not [one for one in app.button if one.label == "Start"]
    button(app, "Open Auto").click()
    app = settled(app)
    assert button(app, "Start")
    assert "**Next step**: use the settings that Auto found" in texts(searched(many))


def test_the_next_step_promises_only_what_was_measured():
    said = next_step(SimpleNamespace(few=""))
    assert f"it gained {LEAST_GAIN:.2f} to {MOST_GAIN:.2f} ARI on held-out models over the default setting" in said


def test_the_next_step_promises_no_more_than_is_possible():
    assert "it can gain 0.061 at most" in next_step(SimpleNamespace(few=""), 0.939)


def test_candidates_for_which_no_time_was_left_are_listed_as_such(many, kept):
    settings = load_settings(kept)
    save_settings(replace(settings, trials=(*settings.trials, {"what": "one more", "score": None})))
    app = auto(many)
    assert "no time or memory was left for 1" in texts(app)
    assert table(app)["note"].tolist()[-1] == "not tried"


def test_too_few_models_are_told_beforehand(tiny_catalog):
    app = auto(tiny_catalog)
    assert "It needs 6 models of two or more photos, and here are 4" in texts(app)
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


@pytest.mark.parametrize(("space", "added_in"), [("raw", None), ("wccn", None), ("raw", "lda")])
def test_settings_with_a_metric_are_checked_with_metrics_fitted_in_each_fold(many, kept, monkeypatch, space, added_in):
    given = []

    def spy(*args, **settings):
        given.append(settings["learner"])
        raise ShopsimError("That is enough.")

    settings = load_settings(kept)
    recipe, other = Recipe(space, {}, "average", {}), added_in and Recipe(added_in, {}, "average", {})
    member = replace(settings.members[0], candidate=Candidate(recipe, added_in=other))
    monkeypatch.setattr("shopsim.ui.tune.auto_plan.with_held_out", spy)
    monkeypatch.setattr("shopsim.ui.tune.auto_plan.kept_settings", lambda name: replace(settings, members=(member,)))
    app = auto(many, tuned=kept)
    button(app, "Check on held-out").click()
    settled(app)
    assert [learner and list(learner.features) for learner in given] == [
        None if (space, added_in) == ("raw", None) else ["fake"]
    ]


def test_features_of_a_network_that_knows_these_models_are_not_searched(many):
    catalog = load_catalog(many)
    write_card(features="fake-1", photos=[image.digest[:16] for image in catalog.images[:7]])
    app = auto(many)
    assert no_traceback(app)
    assert "The network 'shoes-1' was trained on 7 of these 48 photos" in texts(app)
    assert not [button for button in app.button if button.label == "Start"]


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

    monkeypatch.setattr("shopsim.ui.tune.auto_plan.Plan.tune", slow)
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
    monkeypatch.setattr("shopsim.ui.tune.auto_plan.Plan.tune", lambda plan, seconds, report: given.append(seconds))
    app = auto(many)
    next(field for field in app.number_input if field.label == "Minutes at most").set_value(3)
    button(app, "Start").click()
    settled(app)
    assert given == [180.0]

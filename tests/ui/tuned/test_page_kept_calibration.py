"""Calibrations of kept settings, for photos without models."""

from dataclasses import replace

import pytest
from app_pages import go_to, no_traceback, open_page, select, settled, texts, visit

from shopsim.scoring.calibration.calibration import Calibration
from shopsim.tuning.settings_files import load_settings, save_settings


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

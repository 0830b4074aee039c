"""Tuned settings on every page: other photos, other sizes, hostile names."""

from dataclasses import replace

from app_pages import address_of, button, metrics, no_traceback, open_page, select, sentences, settled, texts, visit

from shopsim.base.disk.store import Store
from shopsim.base.paths import cache_dir
from shopsim.catalog.open_folder import load_catalog
from shopsim.grouping.corrections.action import SAME, action
from shopsim.grouping.corrections.store import keep
from shopsim.tuning.apply import features_as_tuned, group_as_tuned
from shopsim.tuning.settings_files import load_settings, save_settings


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


def test_tuned_groups_respect_corrections_on_the_groups_page(unseen, kept):
    catalog = load_catalog(unseen)
    keep(catalog, action(SAME, [[image.digest for image in catalog.images]]))
    app = open_page("pages/Groups.py", unseen, tuned=kept)
    assert no_traceback(app)
    assert "With 1 correction" in app.dataframe[0].value["scored"].tolist()
    assert app.dataframe[0].value["groups"].tolist()[1] == 1


def expected(app):
    return next(field for field in app.number_input if field.label == "Photos per model here")


def test_models_of_another_size_are_cut_for_it(unseen, kept):
    app = open_page(folder=unseen, tuned=kept)
    assert expected(app).value is None
    assert expected(app).placeholder == "as tuned: about 4"
    assert "Expects about 4 photos per model, as on 'many'" in texts(app)
    before = metrics(app)["Groups found"]
    expected(app).set_value(1.0)
    app = settled(app)
    assert no_traceback(app)
    assert address_of(app)["expect"] == "1.0"
    assert "Cut for models of 1 photo." in texts(app)
    assert int(metrics(app)["Groups found"]) > int(before)
    # The link reproduces it, and another page works with it too.
    again = open_page("pages/Groups.py", folder=unseen, tuned=kept, expect="1.0")
    assert no_traceback(again)
    assert expected(again).value == 1.0
    expected(app).set_value(None)
    app = settled(app)
    assert metrics(app)["Groups found"] == before
    assert "expect" not in address_of(app)


def test_a_hostile_size_is_as_tuned(unseen, kept, subtests):
    for text in ["0", "-3", "nan", "1e9", "many"]:
        with subtests.test(text=text):
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


def test_unknown_settings_fall_back_to_by_hand(many, kept, subtests):
    for name in ["no-such", "../many", "~", "/etc", "x" * 4000, "a/../b", "<b>", "."]:
        with subtests.test(name=name):
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


def test_without_kept_settings_the_choice_is_automatic_or_by_hand(many):
    app = open_page(folder=many, tuned="gone")
    assert select(app, "Settings").options == ["Automatic", "By hand"]
    assert select(app, "Settings").value == ""
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

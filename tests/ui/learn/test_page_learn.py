"""The Learn page as visitors meet it: what will happen, and the start."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
from app_pages import button, go_to, no_traceback, open_page, sentences, settled, texts
from drawn_photos import draw_photo
from kept_cases import write_card
from learn_pages import PAGE, from_network, has, learn, with_metric
from mixed_folders import BLUE, plain_folder
from vector_folders import vectors_folder

from shopsim import ShopsimError
from shopsim.catalog.open_folder import load_catalog
from shopsim.features.extractors.fine_tuned import NAME
from shopsim.learning.network.architecture import EFFICIENTNET_LITE0, MOBILENET_V2
from shopsim.tuning.settings import ExtractorUse
from shopsim.ui.choice import Choice
from shopsim.ui.seen import say_what_was_trained_on


def test_it_says_what_will_happen_and_starts_nothing(folder, weights, started):
    app = learn(folder)
    assert no_traceback(app)
    assert not sentences(app)
    said = texts(app)
    assert "Learns from **27 photos of 9 models**; **9 photos of 3 models** are held out" in said
    assert "3 edited views" in said
    assert "MB in the cache" in said
    assert "None yet" in said
    assert not button(app, "Start").disabled
    assert started == []


def test_a_test_part_of_its_own_is_what_is_held_out(folder, weights):
    photos = sorted(path.relative_to(folder) for path in folder.rglob("*.png"))
    parts = {model: "test" if model in ("m1", "m2", "m3", "m4") else "train" for model in (f"m{n}" for n in range(12))}
    lines = [f"{path},{path.parent},{parts[str(path.parent)]}" for path in photos]
    (folder / "catalog.csv").write_text("\n".join(["path,model,split", *lines]))
    app = learn(folder)
    assert no_traceback(app)
    assert "**24 photos of 8 models**; **12 photos of 4 models** are held out" in texts(app)
    assert app.toggle(key="learn-hold-out").label == "Hold out the catalogue's test part"


def test_without_true_models_there_is_a_way_to_some(tmp_path):
    app = learn(plain_folder(tmp_path / "plain"))
    assert no_traceback(app)
    assert "Learning needs true models, and no photo here has one" in texts(app)
    assert not has(app, "Start")


def test_too_few_models_are_told_before_anything_starts(tiny_catalog, weights):
    app = learn(tiny_catalog)
    assert no_traceback(app)
    assert "4 models with two or more photos" in texts(app)
    assert not has(app, "Start")


def test_one_photo_a_model_is_told(tmp_path, weights):
    for number in range(9):
        draw_photo(tmp_path / "single" / f"m{number}" / "1.png", BLUE, number)
    app = learn(tmp_path / "single", form="folders")
    assert no_traceback(app)
    assert "0 models with two or more photos" in texts(app)
    assert not has(app, "Start")


def test_without_weights_there_are_two_ways_out_and_a_metric(folder, monkeypatch, tmp_path):
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "no-hub"))
    app = from_network(learn(folder), "mobilenet_v2")
    assert no_traceback(app)
    (sentence,) = sentences(app)
    assert "put its SavedModel folder at" in sentence
    assert "or let it be fetched once" in sentence
    assert not has(app, "Start")
    app = with_metric(app)
    assert not sentences(app)
    assert has(app, "Start")


def test_the_network_in_the_box_needs_no_weights_from_elsewhere(folder, monkeypatch, tmp_path, started):
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "no-hub"))
    app = learn(folder)
    assert no_traceback(app)
    assert app.selectbox(key="learn-extractor-network").options[0] == "EfficientNet-Lite0"
    app.selectbox(key="learn-depth").set_value("last")
    app = settled(app)
    assert "of the last three blocks" in texts(app)
    assert EFFICIENTNET_LITE0.depths["last"].title in app.selectbox(key="learn-depth").options
    button(app, "Start").click()
    settled(app)
    assert {"--extractor=efficientnet_lite0", "--depth=last"} <= set(started[0])


def test_what_a_depth_costs_is_that_of_the_network(folder, weights):
    app = learn(folder)
    helped = [app.selectbox(key="learn-depth").help]
    app = from_network(app, "mobilenet_v2")
    helped.append(app.selectbox(key="learn-depth").help)
    for network, told in zip((EFFICIENTNET_LITE0, MOBILENET_V2), helped, strict=True):
        last, most = (network.depths[depth] for depth in ("last", "most"))
        assert f"{last.told} take {most.rate / last.rate:.0%} of the time of {most.told}" in told
    assert helped[0] != helped[1]


def test_weights_can_be_fetched_before_the_start(folder, monkeypatch, tmp_path):
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "no-hub"))
    asked = []

    def fetch(extractor, **settings):
        asked.append(extractor)
        if len(asked) == 1:
            raise ShopsimError("TensorFlow Hub cannot be reached.")
        monkeypatch.setattr("shopsim.learning.task.why_unavailable", lambda name, **settings: None)

    monkeypatch.setattr("shopsim.ui.learn.start.obtain", fetch)
    app = from_network(learn(folder), "mobilenet_v2")
    button(app, "Fetch it").click()
    app = settled(app)
    assert sentences(app) == ["TensorFlow Hub cannot be reached."]
    assert not has(app, "Start")
    button(app, "Try again").click()
    app = settled(app)
    assert no_traceback(app)
    assert not sentences(app)
    assert has(app, "Start")
    assert asked == ["mobilenet_v2"] * 2


def test_a_folder_that_is_gone_is_told():
    app = learn("/no/such/folder")
    assert no_traceback(app)
    assert len(sentences(app)) == 1


def test_a_name_that_is_taken_is_told(folder, weights):
    write_card("mine")
    app = learn(folder)
    next(field for field in app.text_input if field.label.startswith("Name")).set_value("mine")
    app = settled(app)
    assert "There is a network 'mine' already" in sentences(app)[0]
    assert not has(app, "Start")


def test_the_command_learns_what_the_page_says(folder, weights, started):
    app = learn(folder)
    button(app, "Start").click()
    settled(app)
    ((program, *arguments),) = started
    assert arguments == [
        *("-m", "shopsim", "learn", str(folder)),
        *("--what=network", "--extractor=efficientnet_lite0", "--budget=20", "--precision=automatic"),
    ]
    assert Path(program).name.startswith("python")


def test_every_field_reaches_the_command(tiny_catalog, weights, started, monkeypatch):
    monkeypatch.setattr("shopsim.ui.learn.start.check_task", lambda task, catalog: None)
    monkeypatch.setattr("shopsim.learning.compare.labelled_rows", lambda catalog, what: np.arange(len(catalog.images)))
    app = learn(tiny_catalog, form="contest", category="bags", copies="0")
    app.number_input(key="learn-minutes").set_value(3)
    app.toggle(key="learn-hold-out").set_value(False)
    app.text_input(key="learn-name").set_value(" mine ")
    app.selectbox(key="learn-depth").set_value("all")
    app = settled(app)
    button(app, "Start").click()
    settled(app)
    assert set(started[0][5:]) == {
        *("--what=network", "--extractor=efficientnet_lite0", "--budget=3", "--name=mine", "--form=contest"),
        *("--category=bags", "--no-copies", "--all-models", "--depth=all", "--precision=automatic"),
    }


def test_a_metric_is_learnt_on_the_extractor_of_the_sidebar_with_its_settings(folder, started):
    app = with_metric(learn(folder, extractor="fake"))
    button(app, "Start").click()
    settled(app)
    assert "--extractor=fake" in started[0]
    assert "--what=metric" in started[0]


def test_a_metric_is_learnt_on_the_first_of_two_extractors(folder, started):
    app = with_metric(learn(folder, add="color_shape", share="0.4"))
    assert no_traceback(app)
    field = app.selectbox(key="learn-extractor-metric")
    assert field.value == "fake"
    assert not [title for title in field.options if "%" in title]


def test_labels_from_a_file_reach_the_command(tmp_path, started):
    folder = plain_folder(tmp_path / "plain", 24)
    labels = tmp_path / "labels.txt"
    labels.write_text("\n".join(str(number % 12) for number in range(24)))
    app = with_metric(learn(folder, labels=str(labels)))
    button(app, "Start").click()
    settled(app)
    assert f"--labels={labels}" in started[0]


def test_the_demo_is_named_as_the_command_knows_it(demo_folder, weights, started):
    app = learn(extractor="fake")
    button(app, "Start").click()
    settled(app)
    assert started[0][4] == "demo"


def test_a_network_that_an_address_names_is_loaded_only_after_a_click(folder, weights, started):
    app = with_metric(learn(folder, extractor="tfhub", **{"extractor.handle": "https://example.org/net"}))
    assert "A SavedModel is a program" in app.warning[0].value
    assert not has(app, "Start")
    button(app, "Load it").click()
    app = settled(app)
    assert not app.warning
    button(app, "Start").click()
    settled(app)
    assert "--handle=https://example.org/net" in started[0]


def test_one_that_is_not_here_is_fetched_only_after_a_click_too(folder, monkeypatch, tmp_path):
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "no-hub"))
    app = with_metric(learn(folder, extractor="tfhub", **{"extractor.handle": "https://example.org/net"}))
    assert no_traceback(app)
    assert "is not on this machine" in sentences(app)[0]
    assert not has(app, "Start")
    assert not has(app, "Fetch it")
    button(app, "Load it").click()
    assert has(settled(app), "Fetch it")


def test_what_is_refused_for_another_reason_needs_no_weights(tiny_catalog, monkeypatch, tmp_path):
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "no-hub"))
    app = learn(tiny_catalog)
    assert "4 models with two or more photos" in texts(app)
    assert not has(app, "Fetch it")
    assert "can be learnt all the same" not in texts(app)


def test_own_vectors_are_no_network_to_train(tmp_path):
    app = learn(vectors_folder(tmp_path / "vectors"), extractor="own_vectors")
    app.segmented_control(key="learn-what").set_value("network")
    app = settled(app)
    assert no_traceback(app)
    assert sentences(app) == [
        "'own_vectors' is no network, so there is nothing to train; choose an extractor that is one, "
        "efficientnet_lite0 for example, or learn a metric."
    ]


def test_photos_that_take_no_part_are_told_with_the_reason(folder, weights):
    photos = sorted(path.relative_to(folder) for path in folder.rglob("*.png"))
    parts = {f"m{n}": "train" if n < 7 else "test" if n < 11 else "" for n in range(12)}
    lines = [f"{path},{'' if n == 0 else path.parent},{parts[str(path.parent)]}" for n, path in enumerate(photos)]
    (folder / "catalog.csv").write_text("\n".join(["path,model,split", *lines]))
    said = texts(learn(folder))
    assert "; 1 photo without a true model takes no part" in said
    assert "; 3 photos in neither the train nor the test part take no part" in said


def test_fields_stay_as_they_were_on_another_page(folder, weights):
    app = learn(folder)
    app.number_input(key="learn-minutes").set_value(7)
    app = with_metric(app)
    go_to(app, "pages/Catalogs.py")
    go_to(app, PAGE)
    assert app.number_input(key="learn-minutes").value == 7
    assert app.segmented_control(key="learn-what").value == "metric"


def test_every_page_says_which_photos_a_trained_network_knows(folder, weights, monkeypatch):
    """A fake one: the page only needs its name and how many photos its card counts."""
    monkeypatch.setattr("shopsim.ui.seen.NAME", "fake")
    monkeypatch.setattr("shopsim.ui.seen.n_trained_on", lambda network, digests: len(digests) - 5)
    for page in ("app.py", "pages/Confusion.py"):
        said = texts(open_page(page, folder))
        assert "trained on 31 of these 36 photos" in said
    monkeypatch.setattr("shopsim.ui.seen.n_trained_on", lambda network, digests: 0)
    assert "of these 36 photos" not in texts(open_page("app.py", folder))


def test_with_tuned_settings_their_network_is_the_one_that_is_told_of(monkeypatch, folder):
    said = []
    monkeypatch.setattr("shopsim.ui.seen.st.sidebar.caption", said.append)
    write_card("mine", photos=[image.digest[:16] for image in load_catalog(folder).images[:7]])
    use = ExtractorUse(NAME, {"network": "mine"}, "key", 1280)
    tuned = SimpleNamespace(extractors=(use,))
    say_what_was_trained_on(Choice(), tuned, load_catalog(folder))
    assert len(said) == 1
    assert "mine was **trained on 7 of these 36 photos**" in said[0]
    say_what_was_trained_on(Choice(), None, load_catalog(folder))
    assert len(said) == 1

"""The Review page as visitors meet it: suspects, decisions that last, the score beside the given one, links."""

import csv
import io
import re
from dataclasses import replace

import numpy as np
import pytest
from app_pages import address_of, button, fresh_server, metrics, no_traceback, open_page, texts
from mixed_folders import BLUE, GREEN, RED, mixed_folder, plain_folder, read, shown_photos

from shopsim.base.paths import home_dir
from shopsim.base.work.lanes import here
from shopsim.base.work.progress import silent
from shopsim.catalog.open_folder import load_catalog
from shopsim.review.decisions import read_decisions
from shopsim.review.report import COLUMNS, label_errors_csv, label_errors_of

WRONG = "green/green-16.png"


@pytest.fixture
def folder(tmp_path):
    """24 photos in three colours; one red photo is said to be of the green model."""
    return mixed_folder(tmp_path / "mixed", {"blue": [BLUE] * 8, "green": [GREEN] * 7 + [RED], "red": [RED] * 8})


def open_review(folder, **address):
    return open_page("pages/Review.py", folder, **address)


def options(app):
    """What can be shown, with how many each."""
    return app.segmented_control[1].options


def success(app):
    return "\n".join(element.value for element in app.success)


def test_the_wrong_photo_stands_beside_both_models(folder):
    app = open_review(folder)
    assert no_traceback(app)
    assert options(app)[0] == "To decide (1)"
    assert f"{WRONG}: rather red" in read(app)
    assert "filed under green" in read(app)
    photos = shown_photos(app)
    assert photos[0] == WRONG
    assert {photo.split("/")[0] for photo in photos[1:8]} == {"green"}
    assert {photo.split("/")[0] for photo in photos[8:]} == {"red"}
    assert WRONG not in photos[1:]
    assert "8 of its 10 nearest photos show red" in texts(app)


def test_the_corrected_score_stands_beside_the_given_one_and_never_instead(folder):
    app = open_review(folder)
    given = metrics(app)["ARI as labelled"]
    assert metrics(app)["ARI, 0 corrected"] == given
    button(app, "Accept").click().run()
    assert no_traceback(app)
    assert metrics(app)["ARI as labelled"] == given
    assert float(metrics(app)["ARI, 1 corrected"]) > float(given)
    assert f"ARI {given} as labelled, " in texts(app)
    assert "with 1 accepted correction." in texts(app)
    assert metrics(open_page("pages/Confusion.py", folder))["ARI"] == given


def test_a_decision_survives_a_new_server_and_can_be_taken_back(folder, tmp_path, monkeypatch):
    button(open_review(folder), "Accept").click().run()
    fresh_server(tmp_path / "static", monkeypatch)
    app = open_review(folder)
    assert options(app)[:2] == ["To decide (0)", "Accepted (1)"]
    app.segmented_control[1].set_value("accepted").run()
    assert f"{WRONG}: rather red" in read(app)
    assert "**Accepted**" in texts(app)
    button(app, "Take back").click().run()
    assert options(app)[:2] == ["To decide (1)", "Accepted (0)"]
    assert metrics(app)["ARI, 0 corrected"] == metrics(app)["ARI as labelled"]


def test_not_wrong_takes_the_photo_off_the_list_and_changes_no_score(folder):
    app = open_review(folder)
    button(app, "Not wrong").click().run()
    assert options(app)[:3] == ["To decide (0)", "Accepted (0)", "Not wrong (1)"]
    assert metrics(app)["ARI, 0 corrected"] == metrics(app)["ARI as labelled"]
    assert "Nothing is left to decide" in success(app)


def test_a_decision_is_kept_by_digest_and_given_model(folder):
    button(open_review(folder), "Accept").click().run()
    catalog = load_catalog(folder)
    (decision,) = read_decisions(catalog).values()
    image = catalog.images[catalog.position[WRONG]]
    assert (decision.digest, decision.given, decision.suggested) == (image.digest, "green", "red")


def test_a_database_that_is_damaged_is_told_of_in_one_sentence(folder):
    button(open_review(folder), "Accept").click().run()
    (home_dir() / "shopsim.db").write_bytes(b"damaged")
    app = open_review(folder)
    assert no_traceback(app)
    (warning,) = app.warning
    told = warning.value.replace("\\", "")
    assert "and is kept as 'shopsim.db.damaged-1'. Corrections of groups, decisions on label errors, " in told
    assert options(app)[:2] == ["To decide (1)", "Accepted (0)"]
    assert not open_review(folder).warning


def test_a_folder_that_was_moved_keeps_its_decisions(folder):
    button(open_review(folder), "Accept").click().run()
    moved = folder.rename(folder.with_name("moved"))
    (moved / "green" / "green-16.png").rename(moved / "green" / "renamed.png")
    app = open_review(moved)
    assert options(app)[:2] == ["To decide (0)", "Accepted (1)"]
    app.segmented_control[1].set_value("accepted").run()
    assert "green/renamed.png: rather red" in read(app)


def test_a_decision_that_cannot_be_written_is_told_of(folder, monkeypatch):
    app = open_review(folder)
    home_dir().mkdir(parents=True, exist_ok=True)
    (home_dir() / "shopsim.db").mkdir()
    button(app, "Accept").click().run()
    assert no_traceback(app)
    assert "Cannot" in texts(app)


def test_the_link_says_what_is_listed_and_from_which_score_on(folder):
    app = open_review(folder, sort="strays,55")
    assert app.segmented_control[1].value == "strays"
    assert app.slider(key="review-least").value == 55
    app.segmented_control[1].set_value("open").run()
    app.slider(key="review-least").set_value(100).run()
    assert address_of(app)["sort"] == "open,100"
    assert options(app)[0] == "To decide (0)"
    assert no_traceback(app)


def test_suspects_are_counted_and_listed_from_one_score_on(folder, monkeypatch):
    def found(grouping, progress=silent, run=here, store=None):
        """Two suspects on either side of a cut-off between two whole percents."""
        errors = label_errors_of(grouping, progress)
        score = np.zeros(len(errors.score))
        score[[15, 14]] = 0.8563, 0.8549
        suggested = np.where(score > 0, 2, errors.suggested)
        return replace(errors, score=score, suggested=suggested, is_stray=score > 1, cutoff=0.855)

    monkeypatch.setattr("shopsim.ui.review.review.label_errors_of", found)
    app = open_review(folder)
    assert no_traceback(app)
    assert (metrics(app)["Suspects"], options(app)[0]) == ("1", "To decide (1)")
    assert app.slider(key="review-least").value == 85.5
    assert any("a score of at least 85.5%:" in metric.help for metric in app.metric)
    assert "score 85.6%" in read(app)
    # Not rounded up to the cut-off, below which it is.
    app.slider(key="review-least").set_value(85.4).run()
    assert options(app)[0] == "To decide (2)"
    assert "score 85.4%" in read(app)
    assert address_of(app)["sort"] == "open,85.4"
    assert options(open_review(folder, sort="open,85.4"))[0] == "To decide (2)"
    assert options(open_review(folder, sort="open,85"))[0] == "To decide (2)"


def test_hostile_addresses_fall_back(folder, subtests):
    for sort in ["nan", "open,nan", "open,-1", "open,9999999", ",,,", "group,²", "open,4", "open,1e2", "open,85.55"]:
        with subtests.test(sort=sort):
            app = open_review(folder, sort=sort, page="-3")
            assert no_traceback(app)
            assert app.segmented_control[1].value == "open"
            assert options(app)[0] == "To decide (1)"


def test_without_suspects_the_page_says_that_all_is_well(tmp_path):
    app = open_review(mixed_folder(tmp_path / "right", {"red": [RED] * 6, "blue": [BLUE] * 6}))
    assert no_traceback(app)
    assert "No photo looks more like another model than like its own." in success(app)


def test_without_labels_the_page_says_what_to_do(tmp_path):
    app = open_review(plain_folder(tmp_path / "plain"), part="labels")
    assert no_traceback(app)
    assert "Review compares each photo's true model with the photos it is like, and no photo here has one." in texts(
        app
    )
    assert [each.key for each in app.segmented_control] == ["review-part"]


@pytest.mark.parametrize("clusterer", ["single", "kmeans"])
def test_every_kind_of_clustering_can_be_reviewed(folder, clusterer):
    app = open_review(folder, clusterer=clusterer)
    assert no_traceback(app)
    assert WRONG in shown_photos(app)


def test_names_of_models_are_shown_as_they_are(tmp_path):
    names = ["<b>" + "long name " * 6, "**bold** $x$", "_blue_"]
    colours = [[RED] * 8, [GREEN] * 7 + [RED], [BLUE] * 8]
    app = open_review(mixed_folder(tmp_path / "odd", dict(zip(names, colours, strict=True))))
    assert no_traceback(app)
    assert f"rather {names[0].strip()}" in read(app)
    assert "show <b>long name" in texts(app)


def test_many_suspects_come_page_by_page(tmp_path):
    colours = [(red, green, 60) for red in (20, 120, 220) for green in (20, 120, 220)]
    contents = {f"m{number}": [colour] * 9 + [colours[number - 1]] for number, colour in enumerate(colours)}
    folder = mixed_folder(tmp_path / "many", contents)
    app = open_review(folder, sort="open,50")
    assert no_traceback(app)
    n_suspects = int(re.search(r"\((\d+)\)", options(app)[0])[1])
    assert n_suspects > 6
    assert len([one for one in app.button if one.label == "Accept"]) == 6
    last = -(-n_suspects // 6)
    app = open_review(folder, sort="open,50", page=str(last))
    assert len([one for one in app.button if one.label == "Accept"]) == n_suspects - 6 * (last - 1)


def test_the_csv_is_safe_for_spreadsheets(folder, monkeypatch):
    taken = {}
    monkeypatch.setattr(
        "shopsim.ui.review.listing.st.download_button", lambda label, data, **_: taken.update({label: data})
    )
    app = open_review(folder)
    assert no_traceback(app)
    (data,) = taken.values()
    rows = list(csv.DictReader(io.StringIO(data().decode("utf-8-sig"))))
    assert [row["image_id"] for row in rows] == [WRONG]
    assert tuple(rows[0]) == COLUMNS
    assert (rows[0]["model"], rows[0]["suggested"], rows[0]["decision"]) == ("green", "red", "")
    assert 0.7 < float(rows[0]["score"]) <= 1


def test_csv_cells_that_a_spreadsheet_would_run_are_guarded(tmp_path, fake_extractor):
    from shopsim.base.disk.store import Store
    from shopsim.features.extract import extract_features
    from shopsim.grouping.fit import fit
    from shopsim.grouping.recipe import Recipe
    from shopsim.review.report import label_errors_of

    contents = {"=1+1": [RED] * 8, "+green": [GREEN] * 7 + [RED], "blue": [BLUE] * 8}
    catalog = load_catalog(mixed_folder(tmp_path / "formulas", contents))
    features = extract_features(catalog, fake_extractor, tmp_path / "cache")
    fitted = fit(catalog, features, Recipe(), Store(tmp_path / "cache"))
    grouping = fitted.group(*fitted.opening)
    errors = label_errors_of(grouping)
    rows = errors.suspects().tolist()
    assert b"'=1+1" in label_errors_csv(grouping, errors, rows, {})
    assert b",=1+1," in label_errors_csv(grouping, errors, rows, {}, raw=True)

"""The first screen: groups as photos, the score in words, before and now, one next step."""

import pytest
from app_pages import button, no_traceback, open_page, settled, texts, threshold
from mixed_folders import markup, plain_folder, read

from shopsim.scoring.evaluation import PairCounts
from shopsim.ui.tune.in_words import in_hundred, pairs_in_words


def test_right_groups_are_shown_as_photos_with_their_model(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    assert no_traceback(app)
    assert read(app).count("✓ Right") == 3
    assert "✗ Wrong" not in read(app)
    assert "all there are" in read(app)


def test_the_wrong_group_says_why(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    threshold(app).set_value(threshold(app).min).run()
    assert "✗ Wrong: 4 models in a group" in read(app)
    assert 'class="wrong"' in markup(app)


def test_the_score_is_said_in_words_with_the_baseline_before(tiny_catalog):
    said = texts(open_page(folder=tiny_catalog))
    assert "Of 100 pairs put together **100** show the same model" in said
    assert "Of 100 pairs that belong together **100** were found" in said
    tuned = "_Threshold: tuned on these photos._"
    assert f"Before, with the contest's baseline: ARI 0.000. Now: ARI **1.000**. {tuned}" in said
    assert f"belong together **100** were found. {tuned}" in said


def test_a_bad_threshold_set_by_hand_leads_to_the_best_one(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    assert "take the best threshold" not in texts(app)
    threshold(app).set_value(threshold(app).min).run()
    assert "**Next step**: take the best threshold. Its ARI on these photos is 1.000; here it is 0.000." in texts(app)
    button(app, "Best threshold").click()
    assert "ARI **1.000**" in texts(settled(app))


def test_without_labels_nothing_is_called_right(tmp_path):
    app = open_page(folder=plain_folder(tmp_path))
    assert no_traceback(app)
    assert "Right" not in read(app)
    assert "nobody can say how many pairs are right" in texts(app)
    assert "**Next step**: look at the groups" in texts(app)


@pytest.mark.parametrize(
    ("share", "told"),
    [(1.0, "100"), (0.997, "more than 99"), (0.93, "93"), (0.001, "less than 1"), (0.0, "0")],
)
def test_only_all_are_a_hundred_and_only_none_are_nought(share, told):
    assert in_hundred(share) == told


def test_no_pair_put_together_is_said_and_not_called_perfect():
    assert pairs_in_words(PairCounts(tp=0, fp=0, fn=3, tn=4)).startswith("No two photos were put together.")

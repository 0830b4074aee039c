"""What the report says of the score on models that had no part in tuning."""

from types import SimpleNamespace

import pytest

from shopsim.grouping.report.contents import HeldOut
from shopsim.grouping.report.sections import tuned_told
from shopsim.grouping.report.texts import Texts


def told(held_out):
    scores = SimpleNamespace(tuned_on="tuned settings")
    return " ".join(tuned_told(SimpleNamespace(given=SimpleNamespace(scores=scores, held_out=held_out)), Texts()))


def test_a_held_out_score_names_its_catalogue_and_promises_nothing():
    said = told(HeldOut(0.9123, 0.85, 0.95, "shoes", 1200))
    assert "The settings were tuned on 'shoes'; its number of true models is 1,200." in said
    assert "an ARI of 0.912. Other photos may score higher or lower." in said
    assert "score to expect" not in said


@pytest.mark.parametrize("held_out", [HeldOut(0.9), None])
def test_an_unknown_catalogue_is_not_named(held_out):
    assert "The settings were tuned on" not in told(held_out)

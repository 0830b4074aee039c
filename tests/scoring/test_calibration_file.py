"""A calibration survives its file, and an edited file is refused in one sentence."""

import json
import math

import pytest
from calibration_cases import KNOWN
from hypothesis import given, settings
from hypothesis import strategies as st

from shopsim import ShopsimError
from shopsim.scoring.calibration.calibration import Calibration

shares = st.floats(1e-6, 1 - 1e-6)


@settings(max_examples=20)
@given(shares)
def test_a_calibration_survives_json(share):
    one = KNOWN.for_share(share)
    assert Calibration.from_dict(json.loads(json.dumps(one.to_dict()))) == one


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("similarities", [-1, 0.5, 0.2, 1]),
        ("similarities", [-1, 0.2, 0.2, 1]),
        ("similarities", [-1, 0.2, 1]),
        ("similarities", [-0.9, 0.2, 0.6, 1]),
        ("similarities", "abcd"),
        ("similarities", None),
        ("similarities", [[-1], 0, 0.5, 1]),
        ("log_odds", [-9, -4, math.nan, 5]),
        ("log_odds", [-9, -4, 0, math.inf]),
        ("log_odds", [-9, -4, 0, 10**400]),
        ("log_odds", [-9, -4, 0, True]),
        ("log_odds", [-9, -4, 0, "5"]),
        ("log_odds", [-1e200, 0, 1, 1e200]),
        ("log_odds", [5, 4, 3, 2]),
        ("log_odds", []),
        ("log_odds", list(range(5000))),
        ("share", 0),
        ("share", 1.0),
        ("share", math.nan),
        ("share", "half"),
        ("share", {}),
        ("photos_per_model", 0.5),
        ("photos_per_model", None),
        ("photos_per_model", math.inf),
    ],
)
def test_a_hostile_value_is_refused_in_one_sentence(field, value):
    with pytest.raises(ShopsimError, match=r"^(A calibration's '|'calibration\.).*\.$"):
        Calibration.from_dict(KNOWN.to_dict() | {field: value})


@pytest.mark.parametrize("values", [None, [], "x", 3])
def test_what_is_no_calibration_is_refused(values):
    with pytest.raises(ShopsimError, match=r"^'calibration' is .*; it must be an object"):
        Calibration.from_dict(values)


@pytest.mark.parametrize("values", [{}, {"share": 0.1}])
def test_a_calibration_with_fields_missing_is_refused(values):
    with pytest.raises(ShopsimError, match=r"^'calibration\.similarities' is missing"):
        Calibration.from_dict(values)


@pytest.mark.parametrize("name", ["extra", "x" * 9999, "\ud800", "`\n"])
def test_a_field_that_no_calibration_has_is_refused(name):
    with pytest.raises(ShopsimError, match=r"^'calibration' has a field .*; known are similarities, ") as caught:
        Calibration.from_dict(KNOWN.to_dict() | {name: 1})
    assert len(str(caught.value)) < 200
    assert "\n" not in str(caught.value)

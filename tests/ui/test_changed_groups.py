"""What pages ask for of groups that a rule or corrections changed: no estimate, and why there is none."""

from dataclasses import replace

import numpy as np
import pytest

from shopsim.grouping.never_joined import NeverJoined
from shopsim.tuning.built_in import look
from shopsim.tuning.built_in.look import Unlabelled, blind_of, why_no_estimate
from shopsim.ui.runs.costs import _why_unknown


@pytest.fixture
def unlabelled():
    blind = object()
    return Unlabelled(None, None, None, None, "", "", True, given=(0.5, "built-in settings"), blind=blind)


@pytest.mark.parametrize("change", ["never_joined", "bindings"])
def test_pages_estimate_nothing_of_changed_groups(unlabelled, change):
    assert blind_of(unlabelled) is unlabelled.blind
    assert why_no_estimate(unlabelled) == ""
    rule = NeverJoined("brand", np.zeros(1, np.int64), unlabelled) if change == "never_joined" else object()
    changed = replace(unlabelled, **{change: rule})
    assert blind_of(changed) is None
    assert why_no_estimate(changed) == look.NOT_OF_CHANGED
    assert "never-join rule or corrections" in _why_unknown(changed)

"""What tests of the leaderboard share."""

import pytest

from shopsim.tuning import leaderboard_row
from shopsim.tuning.held_out import held_out


@pytest.fixture
def computed(monkeypatch):
    """The digests of the recipes that are really computed, in order."""
    done = []

    def counted(catalog, features, candidates, *rest, **more):
        result = held_out(catalog, features, candidates, *rest, **more)
        if candidates is not None:
            done.append(candidates[0].digest)
        return result

    monkeypatch.setattr(leaderboard_row, "held_out", counted)
    return done

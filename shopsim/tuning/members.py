"""The groupings that make up Auto's consensus, and the weight of each."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from shopsim.tuning.candidates import Candidate
from shopsim.tuning.control_values import Portable
from shopsim.tuning.rule_grid import BestRules, Rule

SOFTNESS = 0.03
"""A grouping that is this much worse, in mean ARI on validation models, has 1/e of the weight."""
_LEAST_WEIGHT = 0.02
_MOST_MEMBERS = 24
_MOST_TREES = 10


@dataclass(frozen=True)
class Member:
    """A candidate with a rule, and the weight of its grouping in the consensus; all weights sum to 1.

    slope: by how much the log odds that two photos show one model rise with their similarity in the candidate's space.
    """

    candidate: Candidate
    rule: Rule
    score: float
    weight: float
    slope: float

    def rule_for(self, factor: float) -> Rule:
        """The rule for `factor` times as many photos as it was tuned on.

        A larger catalogue has more photos of other models, but no more photos per model. So the odds of a pair fall by
        that factor, and the threshold rises until the odds are the same again. A value that is no similarity stays: it
        means the same for any number of photos.
        """
        step = math.log(factor) / self.slope
        if isinstance(self.rule, Portable):
            return self.rule.raised(step)
        return replace(self.rule, threshold=self.rule.threshold + step)


def members_of(
    found: Sequence[tuple[Candidate, BestRules]], slope_of: Callable[[Candidate], float]
) -> tuple[Member, ...]:
    """The best rules of the best candidates; the closer a score is to the best one, the larger the weight."""
    top = max(score for _, best in found for score in best.smooth_scores)
    kept = sorted(found, key=lambda pair: -max(pair[1].smooth_scores))[:_MOST_TREES]
    weighed = [
        Member(candidate, rule, score, float(np.exp((score - top) / SOFTNESS)), 1.0)
        for candidate, best in kept
        for rule, score in zip(best.rules, best.smooth_scores, strict=True)
    ]
    weighed = sorted(weighed, key=lambda member: -member.weight)[:_MOST_MEMBERS]
    weighed = [member for member in weighed if member.weight >= _LEAST_WEIGHT]
    total = sum(member.weight for member in weighed)
    slopes = {member.candidate.digest: slope_of(member.candidate) for member in weighed}
    return tuple(
        replace(member, weight=member.weight / total, slope=slopes[member.candidate.digest]) for member in weighed
    )

"""Whether Auto's settings are better than the setting that they would replace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from shopsim.base.disk.records import FromOne

FEW_MODELS, FEW_PHOTOS = 20, 200
"""With fewer models of two or more photos, or fewer labelled photos, scores on held-out models vary widely."""
_SLACK = 0.005
"""A difference between two groupings of the same photos that nobody would see."""
_Score = Annotated[float, Meta(ge=-1.0, le=1.0)]
_Difference = Annotated[float, Meta(ge=-2.0, le=2.0)]
_Error = Annotated[float, Meta(ge=0.0, le=2.0)]


@dataclass(frozen=True)
class Comparison:
    """The scores of Auto, of the current setting and of the contest baseline.

    setting: the current setting in words. auto, current, baseline: mean ARI over the same folds of held-out models.
    gain: of Auto over the current setting there. error: its standard error, by a bootstrap over models. auto_here,
    current_here: ARI on all labelled photos at once, with Auto's settings and with the current setting at its best
    threshold; both were tuned on these photos.
    """

    setting: str
    auto: _Score
    current: _Score
    baseline: _Score
    gain: _Difference
    error: _Error
    auto_here: _Score
    current_here: _Score
    n_photos: FromOne
    n_models: FromOne

    @property
    def wins(self) -> bool:
        """Whether Auto should replace the current setting."""
        return not self._reason

    @property
    def _reason(self) -> str:
        """Why Auto should not replace the current setting; '' if it should."""
        if self.gain <= 0:
            return "Auto is not better on held-out models"
        if self.gain <= self.error:
            return "Auto's gain on held-out models is too small to be told from chance"
        if self.auto < self.baseline:
            return "the contest baseline is better than Auto on held-out models"
        if self.auto_here < self.current_here - _SLACK:
            return "on all these photos at once Auto's groups are worse"
        return ""

    @property
    def sentence(self) -> str:
        """The result with its figures."""
        figures = (
            f"ARI on held-out models {self.auto:.3f}, current setting ({self.setting}) {self.current:.3f}, contest "
            f"baseline {self.baseline:.3f}, gain {self.gain:+.3f} ± {self.error:.3f}; on all {self.n_photos:,} photos "
            f"{self.auto_here:.3f}, current setting {self.current_here:.3f}"
        )
        if self.wins:
            return f"Auto wins: {figures}."
        return f"The setting stays as it is, because {self._reason}: {figures}."


def few(n_models: int, n_photos: int) -> str:
    """A warning where photos or models are few; '' where there are enough.

    n_models: models of two or more photos. n_photos: labelled photos.
    """
    if n_models >= FEW_MODELS and n_photos >= FEW_PHOTOS:
        return ""
    return (
        f"These are few to tune on: {n_models:,} models of two or more photos and {n_photos:,} photos; at least "
        f"{FEW_MODELS} and {FEW_PHOTOS} are better. Scores on held-out models vary widely here, and Auto may not "
        "beat the setting you have."
    )

"""What Auto tries: spaces of one extractor, or of several fused, and a linkage on a common or a local scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shopsim.fusion import shares_of
from shopsim.pipeline import Recipe
from shopsim.registry import Value
from shopsim.store import digest_of

# A second extractor's share of the similarity.
_SHARES = (0.0, 0.3, 0.15, 0.5)
_STRENGTHS = (0.5, 0.25, 0.75)


@dataclass(frozen=True)
class Candidate:
    """A recipe for the vectors of an extractor, or of several whose similarities are averaged.

    recipe: its space is fitted for each extractor by itself. added: (extractor, share of the similarity) of those
    besides the main one.
    """

    recipe: Recipe
    added: tuple[tuple[str, float], ...] = ()

    @property
    def digest(self) -> str:
        """Of every name, setting and share."""
        return digest_of(self.recipe.digest, self.added)

    def shares(self, main: str) -> dict[str, float]:
        """The share of the similarity each extractor has."""
        return shares_of(main, dict(self.added))

    def describe(self, main: str) -> str:
        """'mobilenet_v2 70 % + color_shape 30 %, whitened (strength 0.5), average'."""
        shares = self.shares(main)
        names = [main] if len(shares) == 1 else [f"{name} {share:.0%}" for name, share in shares.items()]
        space = _with_settings(self.recipe.space, self.recipe.space_settings)
        clusterer = _with_settings(self.recipe.clusterer, self.recipe.clusterer_settings)
        return f"{' + '.join(names)}, {space}, {clusterer}"


def auto_candidates(companions: Sequence[str] = ()) -> list[Candidate]:
    """Those worth trying first come first, since time may run out.

    companions: names of extractors whose vectors are at hand besides the main one's.
    """
    first, second, third = [], [], []
    for share in _SHARES:
        for name in companions if share else ("",):
            added = ((name, share),) if share else ()
            first += [_whitened(0.5, "average", added), _raw("average", added)]
            second += [_whitened(0.5, "average_local", added), _raw("average_local", added), _blended(added)]
            third += [_whitened(strength, "average", added) for strength in _STRENGTHS[1:]]
    return [*first, *second, *third]


def _whitened(strength: float, clusterer: str, added: tuple[tuple[str, float], ...]) -> Candidate:
    return Candidate(Recipe("whitened", {"strength": strength}, clusterer, {}), added)


def _raw(clusterer: str, added: tuple[tuple[str, float], ...]) -> Candidate:
    return Candidate(Recipe("raw", {}, clusterer, {}), added)


def _blended(added: tuple[tuple[str, float], ...]) -> Candidate:
    return Candidate(Recipe("blended", {}, "average", {}), added)


def _with_settings(name: str, settings: object) -> str:
    told = ", ".join(f"{key} {value:g}" for key, value in dict(settings).items() if _is_told(key, value))
    return f"{name} ({told})" if told else name


def _is_told(key: str, value: Value) -> bool:
    # Which components were kept follows from how many photos there were.
    return key != "components" and not isinstance(value, str)

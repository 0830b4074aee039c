"""Plans the demo catalogue before anything is drawn: models, listings, shots, planted faults."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

SEED = 20240917
WRONG_LABELS = 12  # about 2 % of the photos
COPIES = 5
SIZES = (
    80, 45, 40, 36, 34, 32, 30, 29, 28, 26, 25, 24, 22, 21, 20, 18, 16, 14, 12, 10, 9, 8, 6, 5, 4, 4, 3, 3, 2,
)  # fmt: skip


@dataclass(frozen=True)
class Shot:
    """Describes one photo to take.

    model: id of the model that it shows; model_label: id in its file name. listing: the seller's offer; photos of one
    listing share photographer, colour and kind of background. seed: everything else about the photo follows from it.
    """

    category: str
    model: str
    model_label: str
    product: str
    image: int
    colour: int
    listing: int
    seed: int

    @property
    def image_id(self) -> str:
        return f"{self.category}/{self.model_label}_{self.product}_{self.image}.jpg"


@dataclass(frozen=True)
class Plan:
    """Lists all shots in the order of their image_ids; copies: pairs of image_ids with equal bytes."""

    shots: tuple[Shot, ...]
    copies: tuple[tuple[str, str], ...]


def make_plan(models: list[tuple[str, str, int]]) -> Plan:
    """Makes the same plan every time.

    models: (category, model id, number of colours), as many as SIZES, largest model first.
    """
    rng = np.random.default_rng(SEED)
    shots: list[Shot] = []
    for (category, model, n_colours), size in zip(models, SIZES, strict=True):
        shots += model_shots(rng, category, model, n_colours, size, first_listing=len(shots))
    shots, copies = _plant_copies(rng, shots)
    taken = {shot.image_id for pair in copies for shot in pair}
    shots = _swap_labels(rng, shots, taken)
    return Plan(
        shots=tuple(sorted(shots, key=lambda shot: shot.image_id)),
        copies=tuple(sorted((first.image_id, second.image_id) for first, second in copies)),
    )


def model_shots(
    rng: np.random.Generator, category: str, model: str, n_colours: int, size: int, first_listing: int
) -> list[Shot]:
    """Plans the photos of one model, in listings of one to six photos; the first colour sells best."""
    weights = 0.28 ** np.arange(n_colours)
    shots: list[Shot] = []
    while len(shots) < size:
        listing = first_listing + len(shots)
        product = str(10**10 + int(rng.integers(10**9, 6 * 10**9)))
        colour = int(rng.choice(n_colours, p=weights / weights.sum()))
        for image in range(min(int(rng.integers(1, 7)), size - len(shots))):
            seed = int(rng.integers(2**31))
            shots.append(Shot(category, model, model, product, image, colour, listing, seed))
    return shots


def _plant_copies(rng: np.random.Generator, shots: list[Shot]) -> tuple[list[Shot], list[tuple[Shot, Shot]]]:
    """Replaces a few photos of large models by byte-equal copies of another listing's photo."""
    shots = list(shots)
    copies: list[tuple[Shot, Shot]] = []
    for model in rng.permutation([shot.model for shot in shots if shot.image == 0])[: 4 * COPIES]:
        of_model = [i for i, shot in enumerate(shots) if shot.model == model]
        first, last = of_model[0], of_model[-1]
        used = any(shots[first] in pair for pair in copies)
        if len(copies) == COPIES or used or shots[first].listing == shots[last].listing:
            continue
        origin = shots[first]
        shots[last] = replace(shots[last], colour=origin.colour, listing=origin.listing, seed=origin.seed)
        copies.append((origin, shots[last]))
    return shots, copies


def _swap_labels(rng: np.random.Generator, shots: list[Shot], taken: set[str]) -> list[Shot]:
    """Moves the labels of a few photos round in a ring of different models, so that no model changes its size."""
    candidates = [i for i in rng.permutation(len(shots)) if shots[i].image_id not in taken]
    ring: list[int] = []
    for i in candidates:
        if len(ring) < WRONG_LABELS and all(shots[i].model != shots[j].model for j in ring):
            ring.append(int(i))
    ring.sort(key=lambda i: shots[i].category)
    for category in sorted({shots[i].category for i in ring}):
        members = [i for i in ring if shots[i].category == category]
        labels = [shots[i].model for i in members]
        for i, label in zip(members, labels[1:] + labels[:1], strict=True):
            shots[i] = replace(shots[i], model_label=label)
    return shots

"""Handles byte-equal photos that carry different models: counts them, reports them, and settles them as chosen."""

from __future__ import annotations

from dataclasses import replace

from shopsim.catalog.catalog import Catalog

BOTH, FIRST, UNSCORED = "both", "first", "unscored"
WAYS = {
    BOTH: "every photo counts as it is filed",
    FIRST: "the model of the first photo by path counts",
    UNSCORED: "they are grouped and not scored",
}


def way_for(copies: bool, way: str | None) -> str:
    """Returns the chosen way, or the default: FIRST without copies, since one photo has one model, else BOTH."""
    return way or (BOTH if copies else FIRST)


def settle(catalog: Catalog, copies: bool = True, way: str | None = None) -> Catalog:
    """Returns the photos that take part, with or without copies, and with the models that count for contradictions.

    way: one of WAYS. BOTH leaves every model, and without copies one photo of each. FIRST takes the model from every
    photo of a set that contradicts the set's first labelled photo by path, UNSCORED from all of its photos; photos
    without a model are grouped and not scored. The catalogue remembers how many photos contradicted each other.
    """
    n_contradicted, way = catalog.n_contradicted, way_for(copies, way)
    if n_contradicted and way != BOTH:
        losing = {image_id for ids in catalog.contradictions for image_id in _losing(catalog, ids, way)}
        images = (replace(image, model=None) if image.image_id in losing else image for image in catalog.images)
        catalog = replace(catalog, images=tuple(images))
    if not copies:
        catalog = catalog.without_copies()
    return replace(catalog, n_settled=n_contradicted) if n_contradicted else catalog


def _losing(catalog: Catalog, ids: tuple[str, ...], way: str) -> list[str]:
    """Returns the photos of a set that lose their model."""
    first = catalog.images[catalog.position[ids[0]]].model
    return [each for each in ids if way == UNSCORED or catalog.images[catalog.position[each]].model != first]


def contradiction_sentence(catalog: Catalog) -> str:
    """Returns a sentence on byte-equal photos under different models, with an example; '' if there are none.

    catalog: before `settle`.
    """
    if not catalog.contradictions:
        return ""
    ids = catalog.contradictions[0]
    first = catalog.images[catalog.position[ids[0]]]
    images = (catalog.images[catalog.position[image_id]] for image_id in ids)
    other = next(image for image in images if image.model not in (None, first.model))
    return (
        f"{catalog.n_contradicted:,} byte-equal photos are filed under different models, such as '{first.image_id}' "
        f"under '{first.model}' and '{other.image_id}' under '{other.model}': labels of each set cannot all be right."
    )

"""What tests of tuning share: catalogues of vectors around one direction a model, and settings tuned on one."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from vectors import unit

from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.features.extract import Features
from shopsim.tuning.candidate import CUT_AT_A_VALUE
from shopsim.tuning.control_values import Portable
from shopsim.tuning.tune import tune


def rows_of(n_models, n_photos, noise=0.8, seed=0, n_features=16):
    """(n, n_features) unit rows around one direction a model, and the models."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(n_models), n_photos)
    near = rng.standard_normal((n_models, n_features))[labels]
    return unit(near + noise * rng.standard_normal((len(labels), n_features))), labels


def photos(name="many", n_models=20, n_photos=5, noise=0.8, seed=0, labels=True, extractor="fake", n_features=16):
    """A catalogue and its features by an extractor; photos of another seed are other photos."""
    raw, models = rows_of(n_models, n_photos, noise, seed, n_features)
    images = tuple(
        CatalogImage(
            f"{row:03}.jpg", Path(f"{row:03}.jpg"), f"{seed:06}{row:010}" * 2, f"m{model:02}" if labels else None
        )
        for row, model in enumerate(models)
    )
    catalog = Catalog(name, Path(name), "table", "made here", images)
    return catalog, Features(raw, catalog.image_ids, f"{extractor}-key")


def of_any_length(n_models=20, n_photos=5, noise=0.8, splits=None, seed=0, n_features=16):
    """A catalogue of so many models and its features, around one direction a model and of any length."""
    rng = np.random.default_rng(seed)
    models = np.repeat(np.arange(n_models), n_photos)
    raw = rng.standard_normal((n_models, n_features))[models] + noise * rng.standard_normal((len(models), n_features))
    images = tuple(
        CatalogImage(f"{row:03}.jpg", Path(f"{row:03}.jpg"), f"{row:032}", f"m{model:02}", split=splits and splits[row])
        for row, model in enumerate(models)
    )
    catalog = Catalog("many", Path("many"), "table", "made here", images)
    return catalog, Features((raw * rng.uniform(0.5, 2, (len(raw), 1))).astype(np.float32), catalog.image_ids, "made")


def second_view(features, seed=7, n_features=6, key="other-key"):
    """Features of another extractor of the same photos: the same, seen through a few random numbers."""
    seen = features.raw @ np.random.default_rng(seed).standard_normal((features.raw.shape[1], n_features))
    return Features(seen.astype(np.float32), features.image_ids, key)


def tuned_settings(name="many", added=False, **given):
    """Settings tuned on `photos(name, ...)`; added: with the second view, called 'other'."""
    catalog, features = photos(name, **given)
    others = {"other": second_view(features)} if added else {}
    return tune(catalog, features, "fake", {"size": 3}, others, n_to_group=len(catalog.images) // 5)


# For tests that only read them: one search per process.
tuned_once = cache(tuned_settings)


def with_other_clusterers(settings):
    """The settings with one more member for each clusterer that is cut at a value, in the space of the first."""
    first = settings.members[0]

    def of(name, kind):
        recipe = replace(first.candidate.recipe, clusterer=name, clusterer_settings={})
        return replace(first, candidate=replace(first.candidate, recipe=recipe), rule=Portable(kind, 0.4))

    needed = {(name, first.candidate.recipe.space_digest) for name in first.candidate.shares(settings.main)}
    fitted = {place: space for place, space in settings.fitted.items() if place in needed}
    members = (first, *(of(*each) for each in CUT_AT_A_VALUE.items()))
    return replace(settings, members=members, fitted=fitted)

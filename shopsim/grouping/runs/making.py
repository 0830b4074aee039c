"""Makes a run of a grouping: its scores, its origin, and groups under the numbers of the run before."""

from __future__ import annotations

import getpass
import platform
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from shopsim.base.disk.store import digest_of
from shopsim.base.errors import ShopsimError
from shopsim.clusterers import clusterers
from shopsim.grouping.corrections.meaning import NOTHING_SAID
from shopsim.grouping.corrections.used import Applied
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.runs.kept import checked_name, kept_runs, load
from shopsim.grouping.runs.record import About, Estimated, Photos, Provenance, Run, RunScores, RunSettings
from shopsim.grouping.runs.same_photos import photos_of, same_photos
from shopsim.grouping.runs.stable import renumbered, successors

_PACKAGES = ("shopsim", "numpy", "scipy", "scikit-learn", "pillow", "openvino")


def run_of(
    grouping: Grouping,
    name: str,
    settings: RunSettings,
    expected: Estimated | None = None,
    who: str | None = None,
    applied: Applied | None = None,
) -> Run:
    """Returns a run of the grouping, which is not kept yet.

    settings: how it was made; expected: scores that were estimated without labels, never for corrections. who: the
    person, None for the user of this machine. applied: the corrections that the groups respect, None without any. A
    group has the number that it has in the last run of the same catalogue.
    Raises ShopsimError for a name that is empty or too long.
    """
    catalog, photos = grouping.fitted.catalog, photos_of(grouping.fitted.catalog)
    before = last_run(settings, photos)
    groups, follows, first_free = grouping.labels_pred, "", 0
    if before is not None:
        groups, follows = as_in(before, photos, grouping.labels_pred), before.about.id
        first_free = before.about.next_group
    about = About(
        secrets.token_hex(8),
        checked_name(name),
        catalog.name,
        grouping.fitted.control.kind,
        value_on_page(grouping),
        settings,
        scores_of(grouping, expected if applied is None else None),
        _provenance(grouping, photos, settings, who),
        follows,
        max(first_free, int(groups.max()) + 1),
        None if applied is None else applied.used,
        None if applied is None else scores_of(applied.measured, expected),
    )
    return Run(about, photos, groups, NOTHING_SAID if applied is None else applied.statements)


def as_in(before: Run, photos: Photos, labels_pred: np.ndarray) -> np.ndarray:
    """(n,) int64: the groups of these photos under the numbers of an earlier run; others are numbered behind it."""
    same = same_photos(before.photos, photos)
    lent = successors(before.groups[same.before], labels_pred[same.after])
    return renumbered(labels_pred, lent, before.about.next_group)


def last_run(settings: RunSettings, photos: Photos) -> Run | None:
    """Returns the latest run of the same folder, or else of most of these photos, which a moved folder has."""
    runs = kept_runs()
    here = [about for about in runs if _place(about.settings) == _place(settings)]
    elsewhere = [about for about in runs if about.settings.category == settings.category and about not in here]
    for about in here:
        with suppress(ShopsimError):  # A damaged file is told of where somebody asks for that run.
            return load(about)
    digests = set(photos.digests)
    for about in elsewhere:
        with suppress(ShopsimError):
            run = load(about)
            if 2 * len(digests.intersection(run.photos.digests)) > max(len(digests), len(set(run.photos.digests))):
                return run
    return None


def value_on_page(grouping: Grouping) -> float:
    """Returns the value of the control as a page takes it: the lowest threshold that is shown gives the same groups as
    any below it. Where groups are split strictly, each value counts.
    """
    control = grouping.fitted.control
    is_any = control.kind != "similarity" or grouping.strict
    return float(grouping.value) if is_any else max(float(grouping.value), control.low)


def _place(settings: RunSettings) -> tuple[str, str | None]:
    return settings.folder, settings.category


def scores_of(grouping: Grouping, expected: Estimated | None = None) -> RunScores:
    """Returns the counts and scores of a grouping; expected: as in `RunScores`."""
    sizes = np.bincount(grouping.labels_pred)
    counts = {"n_images": len(grouping.labels_pred), "n_groups": len(sizes), "n_singletons": int((sizes == 1).sum())}
    found = grouping.evaluation
    if found is None or not found.n_images:
        return RunScores(**counts, n_labelled=0, n_models=0, tuned_on=grouping.tuned_on, expected=expected)
    pairs = found.pairs
    return RunScores(
        **counts,
        n_labelled=found.n_images,
        n_models=found.n_models,
        tuned_on=grouping.tuned_on,
        ari=found.ari,
        pair_precision=pairs.precision,
        pair_recall=pairs.recall,
        pair_f1=pairs.f1,
        tp=pairs.tp,
        fp=pairs.fp,
        fn=pairs.fn,
        tn=pairs.tn,
        expected=expected,
    )


def digest_of_photos(photos: Photos) -> str:
    """Returns a digest of the names and bytes of all photos."""
    return digest_of(*zip(photos.image_ids, photos.digests, strict=True))


def _provenance(grouping: Grouping, photos: Photos, settings: RunSettings, who: str | None) -> Provenance:
    fitted = grouping.fitted
    return Provenance(
        datetime.now(UTC).isoformat(timespec="milliseconds"),
        user_name() if who is None else who,
        digest_of_photos(photos),
        fitted.features.key,
        "" if fitted.added is None else fitted.added.features.key,
        fitted.key,
        _seed(settings),
        {"python": platform.python_version(), **_versions()},
    )


def user_name() -> str:
    """Returns the name of whoever runs this program, '' if the system does not say."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def _seed(settings: RunSettings) -> int | None:
    """Returns the seed of the clustering; settings that are left out have their default."""
    for setting in clusterers.entry(settings.clusterer).settings:
        if setting.name == "seed":
            return int(settings.clusterer_settings.get("seed", setting.default))
    return None


def _versions() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        with suppress(PackageNotFoundError):  # A checkout is not installed.
            found[name] = version(name)
    return found

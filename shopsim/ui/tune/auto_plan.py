"""Plans Auto on the photos of a page, and the jobs that run it and check its result."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from shopsim.base.disk.store import Store, digest_of
from shopsim.base.registry import Value
from shopsim.base.work.lanes import SEARCH
from shopsim.base.work.progress import Progress, part_of
from shopsim.base.work.workers import apart
from shopsim.catalog.catalog import Catalog
from shopsim.features.extract import Features
from shopsim.features.feature_keys import same_extractor
from shopsim.features.networks.photos_known import check_unseen
from shopsim.grouping.companions import companion_features, companions_of, networks_among, views_of
from shopsim.grouping.fit import OWN_VECTORS
from shopsim.learning.metric import MetricLearner
from shopsim.scoring.folds import MIN_MODELS
from shopsim.spaces import spaces
from shopsim.tuning.candidate import Candidate
from shopsim.tuning.candidates import auto_candidates
from shopsim.tuning.comparison import few
from shopsim.tuning.held_out_record import SEARCH_SHARE, with_held_out
from shopsim.tuning.settings import TunedSettings
from shopsim.tuning.settings_files import names, save_settings, tuned_dir
from shopsim.tuning.tune import tune
from shopsim.ui.page import Opened
from shopsim.ui.spare_cache import cache_folder
from shopsim.ui.tuned_settings import about_all, kept_settings

# The search is one part of the work, and each of five folds of the comparison is another.
_PARTS = round(1 / SEARCH_SHARE)
_STEPS = 100


@dataclass(frozen=True, eq=False)
class Plan:
    """Plans Auto for some photos with one main extractor.

    catalog: of exactly the photos of `features`, in their order. current: the setting of the page, which Auto is
    compared with.
    """

    catalog: Catalog
    features: Features
    extractor: str
    extractor_settings: Mapping[str, Value]
    current: Candidate

    @property
    def companions(self) -> tuple[str, ...]:
        """Returns the extractors that are tried beside the main one."""
        return tuple(dict.fromkeys((*companions_of(self.extractor), *(name for name, _ in self.current.added))))

    def candidates(self, companions: Sequence[str]) -> list[Candidate]:
        """What is tried with these extractors beside the main one, if time allows."""
        return auto_candidates(companions, unnormalised=True)

    @property
    def networks(self) -> tuple[str, ...]:
        """Returns the companions whose features take long to extract."""
        return networks_among(self.companions)

    @property
    def few(self) -> str:
        """Returns a warning where photos or models are few; '' where there are enough."""
        return few(self.n_models, sum(image.model is not None for image in self.catalog.images))

    @property
    def n_candidates(self) -> int:
        """Counts the candidates that are tried if there is enough time."""
        return len(self.candidates(self.companions))

    @cached_property
    def n_models(self) -> int:
        """Counts the models of two or more photos; models of one photo are of no use here."""
        counts = Counter(image.model for image in self.catalog.images if image.model is not None)
        return sum(count > 1 for count in counts.values())

    @property
    def is_possible(self) -> bool:
        """Says whether there are enough models, some for fitting and some for validation."""
        return self.n_models >= 2 * MIN_MODELS

    def check_unseen(self) -> None:
        """Raises ShopsimError if the features come from a network that was trained on models of these photos."""
        check_unseen(self.features.key, [image.digest for image in self.catalog.images])

    @cached_property
    def key(self) -> str:
        """Returns the key of the job."""
        labels = [image.model for image in self.catalog.images]
        return digest_of("auto", self.catalog.folder, self.catalog.digest, labels, self.features.key)

    def found(self) -> tuple[str, TunedSettings] | None:
        """Returns the name of the newest settings tuned on these photos with these features, and the settings."""
        return next(((name, each) for name, each in about_all().items() if self.is_of(each)), None)

    def is_of(self, settings: TunedSettings) -> bool:
        """Says whether the settings were tuned on these photos with these features."""
        labelled = [image for image in self.catalog.images if image.model is not None]
        n_models = len({image.model for image in labelled})
        on = settings.tuned_on
        if not same_extractor(settings.extractors[0].key, self.features.key):
            return False
        if (on.n_images, on.n_models) != (len(labelled), n_models):
            return False
        # The key of own vectors distinguishes them from all others.
        photos = tuple(sorted({image.digest[:16] for image in labelled}))
        return self.extractor == OWN_VECTORS or on.photos == photos

    def tune(self, seconds: float, report: Progress) -> str:
        """Searches, keeps the result, compares it with the current setting, and returns the result's name.

        A long search is kept even if nobody watches it, or if the comparison is stopped. seconds: for both.
        """
        added = self._added(self.companions, report)
        started = time.monotonic()
        settings = apart(
            tune,
            self.catalog,
            self.features,
            self.extractor,
            dict(self.extractor_settings),
            added,
            seconds=seconds * SEARCH_SHARE,
            store=Store(cache_folder()),
            candidates=self.candidates(self.companions),
            lane=SEARCH,
            progress=part_of(report, 0, _STEPS, _STEPS * _PARTS),
        )
        save_settings(settings)
        left = max(0.0, seconds - (time.monotonic() - started))
        self._compare(settings, added, left, part_of(report, _STEPS, _STEPS * (_PARTS - 1), _STEPS * _PARTS))
        return settings.name

    def check(self, name: str, seconds: float, report: Progress) -> None:
        """Searches again in each fold, and compares the settings with the current setting on the held-out models.

        seconds: for the searches of all folds. Every extractor of the settings takes part.
        """
        settings = kept_settings(name)
        companions = (*(use.name for use in settings.extractors[1:]), *(added for added, _ in self.current.added))
        self._compare(settings, self._added(tuple(dict.fromkeys(companions)), report), seconds, report)

    def is_compared(self, settings: TunedSettings) -> bool:
        """Says whether the settings were compared with the current setting."""
        compared = settings.comparison
        return compared is not None and compared.setting == self.current.describe(self.extractor)

    def _compare(
        self, settings: TunedSettings, added: Mapping[str, Features], seconds: float, report: Progress
    ) -> None:
        """Keeps the scores with the settings. If these may have a metric, metrics are fitted again in each fold."""
        has_metric = any(
            spaces.entry(each.space).learns for member in settings.members for each in member.candidate.in_spaces
        )
        compared = apart(
            with_held_out,
            self.catalog,
            self.features,
            added,
            settings,
            self.current,
            seconds,
            Store(cache_folder()),
            learner=MetricLearner(views_of(self.extractor, self.features, added)) if has_metric else None,
            candidates=self.candidates(tuple(added)),
            lane=SEARCH,
            progress=report,
        )
        # Somebody may have removed them meanwhile.
        if settings.name in names():
            save_settings(compared, tuned_dir() / settings.name)

    def _added(self, names: tuple[str, ...], report: Progress) -> dict[str, Features]:
        return companion_features(self.catalog, self.features, cache_folder(), names, report, run=apart)


def plan_of(opened: Opened) -> Plan:
    """Makes the plan for the page's photos and extractor."""
    choice, fitted = opened.choice, opened.fitted
    main, settings = choice.extractor, choice.extractor_settings
    if opened.tuned is not None:
        main, settings = opened.tuned.extractors[0].name, opened.tuned.extractors[0].settings
    # What was added to another extractor may be the main one of the tuned settings.
    added = ((choice.added, choice.share),) if choice.added and choice.extractor == main else ()
    return Plan(fitted.catalog, fitted.features, main, settings, Candidate(choice.recipe, added))

"""The label errors of a catalogue as it is grouped."""

from __future__ import annotations

from shopsim.base.labels import UNLABELLED
from shopsim.base.work.lanes import Run, here
from shopsim.base.work.progress import Progress, silent
from shopsim.grouping.grouping import Grouping
from shopsim.review.find import cuts_around, find_label_errors
from shopsim.review.found import NO_MODEL, LabelErrors
from shopsim.review.report import evidence_sentence
from shopsim.scoring.curve import Curve


def label_errors_of(grouping: Grouping, progress: Progress = silent, run: Run = here) -> LabelErrors:
    """What speaks against each photo's label, by its vectors and groups.

    With a merge tree the groups are those around its best threshold, whatever the cut is; else those of the cut.
    run: carries out the search. Raises ValueError for a catalogue without labels.
    """
    fitted = grouping.fitted
    catalog, labels_true = fitted.catalog, fitted.catalog.labels_true
    if labels_true is None:
        raise ValueError("Without true labels there are no label errors.")
    value = fitted.best(fitted.curve) if isinstance(fitted.curve, Curve) else grouping.value
    digests = [image.digest for image in catalog.images]
    cuts = cuts_around(fitted.tree, value)
    return run(find_label_errors, fitted.vectors, digests, labels_true, cuts, progress=progress)


def is_by_tree(grouping: Grouping) -> bool:
    """Whether the label errors are the same at every cut."""
    return isinstance(grouping.fitted.curve, Curve)


def models_of(grouping: Grouping, errors: LabelErrors, row: int) -> tuple[str | None, str | None]:
    """The ids of the given and of the suggested model of a photo; None where there is none."""
    catalog = grouping.fitted.catalog
    suggested = errors.suggested[row]
    return catalog.images[row].model, None if suggested == NO_MODEL else catalog.models[suggested]


def evidence_of(grouping: Grouping, errors: LabelErrors, row: int) -> str:
    """The evidence against a photo's label in words, its models by their names; '' without a label."""
    catalog = grouping.fitted.catalog
    given, suggested = models_of(grouping, errors, row)
    if catalog.labels_true is None or catalog.labels_true[row] == UNLABELLED:
        return ""
    return evidence_sentence(errors, row, catalog.model_name(given), catalog.model_name(suggested))

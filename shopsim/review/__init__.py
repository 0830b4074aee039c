"""Photos whose true label disagrees with strong evidence: which, of which other model, how surely, and why."""

from shopsim.review.find import cuts_around, find_label_errors
from shopsim.review.found import LabelErrors

__all__ = ["LabelErrors", "cuts_around", "find_label_errors"]

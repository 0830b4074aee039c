"""Photos whose true label disagrees with strong evidence: which, of which other model, how surely, and why."""

from shopsim.label_errors.finder import cuts_around, find_label_errors
from shopsim.label_errors.found import LabelErrors

__all__ = ["LabelErrors", "cuts_around", "find_label_errors"]

"""Photos whose true label disagrees with strong evidence: which, of which other model, how surely, and why."""

from shopsim.label_errors.finder import LabelErrors, cuts_around, find_label_errors

__all__ = ["LabelErrors", "cuts_around", "find_label_errors"]

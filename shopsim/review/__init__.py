"""Finds photos that are probably labelled with the wrong model, and keeps what people decide on them."""

from shopsim.review.find import cuts_around, find_label_errors
from shopsim.review.found import LabelErrors

__all__ = ["LabelErrors", "cuts_around", "find_label_errors"]

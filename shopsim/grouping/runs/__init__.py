"""Kept runs: settings, scores, groups and origin of a grouping, under a name that a person gave it."""

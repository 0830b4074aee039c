"""The one kind of error that a person can act on."""


class ShopsimError(Exception):
    """Something a person can act on: one sentence that says what was wrong, the value, what would be right."""


class DiskRefusedError(ShopsimError):
    """The disk is full or refuses, so the same may well work later."""

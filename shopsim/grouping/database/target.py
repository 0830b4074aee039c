"""Reads the address of a database, and says in one sentence what is wrong with it; no sentence has its password."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from urllib.parse import quote, unquote

from shopsim.base.errors import ShopsimError
from shopsim.grouping.database.address import parts_of
from shopsim.grouping.database.rows import Written

KINDS = ("sqlite", "postgresql", "mongodb", "mongodb+srv")
EXAMPLES = "sqlite:///groups.db, postgresql://user:password@host/database or mongodb://host/database"
# Scheme -> (packages that must be installed, the extra that brings them).
_NEEDED = {
    "sqlite": (("sqlalchemy",), "database"),
    "postgresql": (("sqlalchemy", "pg8000"), "database"),
    "mongodb": (("pymongo",), "mongodb"),
    "mongodb+srv": (("pymongo",), "mongodb"),
}

_SHORT = 4


@dataclass(frozen=True)
class Target:
    """The address of a database. kind: one of KINDS. shown: the address without passwords; secrets: the passwords."""

    kind: str
    address: str
    shown: str
    secrets: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Returns the address without passwords, since anything may print it."""
        return f"Target({self.shown!r})"

    def without_secrets(self, text: str) -> str:
        """Returns the text with each password replaced, however it is escaped."""
        plain = {unquote(secret) for secret in self.secrets}
        for secret in sorted({*self.secrets, *plain, *(quote(each, safe="") for each in plain)}, key=len, reverse=True):
            # The letters of a very short password are in many words.
            as_word = rf"(?<!\w){re.escape(secret)}(?!\w)"
            text = re.sub(as_word, "***", text) if len(secret) < _SHORT else text.replace(secret, "***")
        return text

    def refusal(self, reason: object) -> ShopsimError:
        """Returns the error for what the database refused."""
        first = str(reason).strip().partition("\n")[0].rstrip(".")
        return ShopsimError(f"Cannot write to '{self.shown}': {self.without_secrets(first)}.")


def target_of(address: str) -> Target:
    """Returns the target that an address names. Raises ShopsimError if it is none that shopsim writes to."""
    kind = address.partition("://")[0]
    if kind not in KINDS or "://" not in address:
        # The rest may hold a password.
        raise ShopsimError(f"The address of the database begins with none of {', '.join(KINDS)}; right: {EXAMPLES}.")
    parts = parts_of(kind, address)
    target = Target(kind, address, parts.shown, parts.secrets)
    if not parts.place.partition("/")[2].strip("/"):
        raise ShopsimError(f"'{parts.shown}' names no database; right would be {EXAMPLES}.")
    _require(target)
    return target


def check(target: Target) -> None:
    """Connects, and raises ShopsimError if nothing can be written there; writes nothing."""
    _writer(target).check(target)


def write(target: Target, written: Written) -> None:
    """Writes a run wholly or not at all, in place of the run with the same id. Raises ShopsimError."""
    _writer(target).write(target, written)


def _writer(target: Target) -> ModuleType:
    # Its package may not be installed, and takes a moment to load.
    name = "mongo" if target.kind.startswith("mongodb") else "sql"
    return import_module(f"shopsim.grouping.database.{name}")


def _require(target: Target) -> None:
    packages, extra = _NEEDED[target.kind]
    for package in packages:
        if find_spec(package) is None:
            how = f"pip install 'shopsim[{extra}]'"
            raise ShopsimError(f"Writing to {target.kind} needs the package '{package}'; install it by: {how}.")

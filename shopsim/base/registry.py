"""Named factories: one file registers an extractor, a space, a clusterer or a projection, everything else finds it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from shopsim.base.errors import ShopsimError

T = TypeVar("T")
Value = int | float | str | bool


@dataclass(frozen=True)
class Setting:
    """One typed field of a factory, from which a page draws a widget and the command line an option.

    The type of `default` is the type of the field; `low` and `high` are inclusive. options: of a text, the only
    ones it may be; empty for any. choices: of a text, gives the names there are by now, one of which it should be.
    """

    name: str
    title: str
    default: Value
    low: float | None = None
    high: float | None = None
    step: float | None = None
    help: str = ""
    options: tuple[str, ...] = ()
    choices: Callable[[], Sequence[str]] | None = None
    automatic: int | float | None = None

    def parse(self, value: Any) -> Value:
        """The value as this field's type. Raises ShopsimError for a wrong type or one out of range."""
        kind = type(self.default)
        try:
            if isinstance(value, str) and kind is bool:
                parsed: Value = {"true": True, "false": False, "1": True, "0": False}[value.lower()]
            else:
                parsed = kind(value)
        except (KeyError, TypeError, ValueError, OverflowError):
            raise ShopsimError(f"'{self.name}' is {value!r}; it must be of type {kind.__name__}.") from None
        if self.options and parsed not in self.options:
            raise ShopsimError(f"'{self.name}' is {value!r}; it must be one of {', '.join(self.options)}.")
        if kind in (int, float):
            low = float("-inf") if self.low is None else self.low
            high = float("inf") if self.high is None else self.high
            if not low <= parsed <= high:
                raise ShopsimError(f"'{self.name}' is {value!r}; it must lie between {low:g} and {high:g}.")
        return parsed


@dataclass(frozen=True)
class Entry(Generic[T]):
    """What is known of a registered name without building it.

    `source`: the paper, library or recipe it comes from, as docs/choices.md shows it.
    learns: whether it is fitted to true models. Chosen by hand it would be scored on the photos it learned from, so
    nobody is offered it: only what holds models out may use it.
    version: raised when the numbers change for the same settings, so that older ones in the cache are misses.
    """

    name: str
    title: str
    source: str
    summary: str
    settings: tuple[Setting, ...]
    factory: Callable[..., T]
    learns: bool = False
    version: int = 1

    @property
    def key(self) -> str:
        """Name and version, as keys in the cache hold them; the first version is called by the name alone."""
        return self.name if self.version == 1 else f"{self.name}/{self.version}"

    @property
    def can_be_chosen(self) -> bool:
        """Whether each setting that is one of the names there are has any to choose from."""
        return all(setting.choices is None or setting.choices() for setting in self.settings)

    @property
    def starts_by_itself(self) -> bool:
        """Whether it needs no setting, such as the name of a network."""
        return all(setting.default != "" for setting in self.settings)

    @property
    def as_they_come(self) -> list[dict[str, Value]]:
        """The settings it can be taken with as it comes: none, or each name where one is to be chosen."""
        choices = [setting for setting in self.settings if setting.choices is not None]
        return [{setting.name: name} for setting in choices for name in setting.choices()] if choices else [{}]


class Registry(Generic[T]):
    """Names of one kind, found by importing every module of `package` at the first question.

    Modules must be light to import; heavy imports belong inside the factory. first: the module whose names come first.
    """

    def __init__(self, kind: str, package: str, first: str = "") -> None:
        self.kind = kind
        self._package = package
        self._first = first
        self._entries: dict[str, Entry[T]] = {}
        self._discovered = False

    def register(
        self,
        name: str,
        *,
        title: str,
        source: str,
        summary: str = "",
        settings: tuple[Setting, ...] = (),
        learns: bool = False,
        version: int = 1,
    ) -> Callable[[Callable[..., T]], Callable[..., T]]:
        """Decorate a factory with the name people choose it by. Raises ValueError if the name is taken."""

        def add(factory: Callable[..., T]) -> Callable[..., T]:
            if name in self._entries:
                raise ValueError(f"The {self.kind} name '{name}' is taken.")
            self._entries[name] = Entry(name, title, source, summary, settings, factory, learns, version)
            return factory

        return add

    @contextmanager
    def temporarily(self, *entries: Entry[T]) -> Iterator[None]:
        """Adds these entries, or puts them in the place of those of the same name, until the block ends.

        Names that are registered inside the block end with it too.
        """
        self._discover()
        before = self._entries
        self._entries = before | {entry.name: entry for entry in entries}
        try:
            yield
        finally:
            self._entries = before

    def names(self) -> list[str]:
        """Every name that can be chosen by hand, in the order of registration: those that do not learn."""
        return [name for name in self.all_names() if not self._entries[name].learns]

    def all_names(self) -> list[str]:
        """Every registered name, in the order of registration."""
        self._discover()
        return list(self._entries)

    def entry(self, name: str) -> Entry[T]:
        """What is registered under the name. Raises ShopsimError, with the known names, if there is nothing."""
        self._discover()
        if name not in self._entries:
            raise ShopsimError(f"Unknown {self.kind} '{name}'. Known: {', '.join(sorted(self._entries))}.")
        return self._entries[name]

    def create(self, name: str, **settings: Any) -> T:
        """Build what the name stands for; settings that are not given take their defaults.

        Raises ShopsimError for an unknown name, an unknown setting, or a value out of its range.
        """
        entry = self.entry(name)
        known = {setting.name: setting for setting in entry.settings}
        unknown = sorted(set(settings) - set(known))
        if unknown:
            raise ShopsimError(
                f"The {self.kind} '{name}' has no setting '{unknown[0]}'. Known: {', '.join(known) or 'none'}."
            )
        values = {key: field.parse(settings.get(key, field.default)) for key, field in known.items()}
        return entry.factory(**values)

    def _discover(self) -> None:
        if self._discovered:
            return
        package = importlib.import_module(self._package)
        modules = (info.name for info in pkgutil.iter_modules(package.__path__))
        for module in sorted(modules, key=lambda name: (name != self._first, name)):
            importlib.import_module(f"{self._package}.{module}")
        self._discovered = True

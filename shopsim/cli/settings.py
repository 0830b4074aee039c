"""Options for the settings of every registered extractor, space and clusterer."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shopsim.base.errors import ShopsimError
from shopsim.base.registry import Entry, Registry, Setting, Value
from shopsim.cli.result import UsageError

_PREFIX = "setting "


def name_in(registry: Registry[Any], *more: str) -> Callable[[str], str]:
    """Returns the type of an option that takes a registered name, or one of `more`."""

    def check(name: str) -> str:
        if name not in more:
            try:
                entry = registry.entry(name)
            except ShopsimError as error:
                raise argparse.ArgumentTypeError(str(error)) from None
            if entry.learns:
                raise argparse.ArgumentTypeError(
                    f"The {registry.kind} '{name}' learns from true models, so on the photos it learned from no score "
                    f"would mean anything. By hand: {', '.join(sorted(registry.names()))}."
                )
        return name

    return check


def add_setting_options(parser: argparse.ArgumentParser, *registries: Registry[Any]) -> None:
    """Adds one option per name of a setting; entries that share a name share the option."""
    owners: dict[str, list[tuple[str, Setting]]] = {}
    for registry in registries:
        for name in registry.names():
            for setting in registry.entry(name).settings:
                owners.setdefault(setting.name, []).append((name, setting))
    section = parser.add_argument_group("settings", "Each belongs to what stands in brackets.")
    for name, found in owners.items():
        section.add_argument(
            _option(name), dest=_PREFIX + name, metavar=_metavar(found[0][1]), help=_help(found).replace("%", "%%")
        )


def chosen_settings(args: argparse.Namespace, entries: Sequence[Entry[Any]]) -> list[dict[str, Value]]:
    """Returns the checked settings that were given for each of the chosen entries.

    Raises UsageError for a value out of range, or a setting that none of the entries has.
    """
    given = {key.removeprefix(_PREFIX): value for key, value in _given(args).items()}
    known = {setting.name for entry in entries for setting in entry.settings}
    for name in given:
        if name not in known:
            chosen = ", ".join(entry.name for entry in entries)
            raise UsageError(f"{_option(name)} is given, but none of what is chosen ({chosen}) has that setting.")
    try:
        return [
            {setting.name: setting.parse(given.get(setting.name, setting.default)) for setting in entry.settings}
            for entry in entries
        ]
    except ShopsimError as error:
        raise UsageError(str(error)) from None


def _given(args: argparse.Namespace) -> Mapping[str, str]:
    return {key: value for key, value in vars(args).items() if key.startswith(_PREFIX) and value is not None}


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _metavar(setting: Setting) -> str:
    if setting.options:
        return "|".join(setting.options)
    return {bool: "true|false", int: "N", float: "X"}.get(type(setting.default), "TEXT")


def _help(found: list[tuple[str, Setting]]) -> str:
    setting = found[0][1]
    what = f"{setting.title[:1].lower()}{setting.title[1:]}"
    default = f"default {setting.default}" if setting.default != "" else "no default"
    others = "".join(f", {owner}: {own.default}" for owner, own in found if own.default != setting.default)
    return f"{what} [{', '.join(owner for owner, _ in found)}; {default}{others}]"

"""Confusion."""

from shopsim import ui

opened = ui.open_page("Confusion")

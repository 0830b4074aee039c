"""Map."""

from shopsim import ui

opened = ui.open_page("Map")

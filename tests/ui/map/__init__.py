"""Of the Map page."""

"""Of the Confusion page."""

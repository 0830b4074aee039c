"""Of the Review page."""

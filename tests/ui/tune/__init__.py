"""Of the Tune page."""

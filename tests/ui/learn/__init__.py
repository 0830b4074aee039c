"""Of the Learn page."""

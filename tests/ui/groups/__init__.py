"""Of the Groups page."""

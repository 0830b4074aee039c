"""Of the Catalogs page."""

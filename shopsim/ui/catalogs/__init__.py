"""Parts of the Catalogs page."""

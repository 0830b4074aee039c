"""Parts of the Groups page."""

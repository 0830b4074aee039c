"""Makes charts with Altair, for the pages to draw."""

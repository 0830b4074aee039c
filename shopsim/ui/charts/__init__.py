"""Charts, made by Altair and drawn by the pages."""

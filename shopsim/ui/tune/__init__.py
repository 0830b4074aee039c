"""Draws the parts of the Tune page."""

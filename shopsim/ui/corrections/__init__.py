"""Corrections on pages: the groups with them, the buttons that make them, and what they change."""

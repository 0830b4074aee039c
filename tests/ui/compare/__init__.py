"""Of the Compare page."""

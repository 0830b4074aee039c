"""The line itself: a recipe is fitted and cut, and the groups leave as tables and files."""

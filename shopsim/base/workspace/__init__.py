"""Keeps small lists of the workspace in one database, which several processes read and change at once."""

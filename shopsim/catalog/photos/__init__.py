"""Reads image files of any kind within bounded memory: whole, with a note, or refused with the reason."""

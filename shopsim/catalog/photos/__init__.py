"""Image files of any kind, read within bounded memory: whole, with a note, or refused with the reason."""

"""Uploaded zips: what they may hold, how their names are read, and the list of them."""

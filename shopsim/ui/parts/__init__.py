"""Draws the parts that several pages share."""

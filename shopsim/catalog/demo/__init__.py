"""Draws the demo catalogue's products and photographs them as different sellers would."""

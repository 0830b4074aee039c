"""Carries out a recipe: fits its space and its clusterer, cuts the tree, and writes the groups as tables and files."""

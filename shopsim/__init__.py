"""Groups photos of products by product model, and shows how well that works.

The line, each step a module: images -> catalog -> features -> space -> tree -> labels
-> evaluation -> map, groups, export.
"""


class ShopsimError(Exception):
    """Something a person can act on: one sentence that says what was wrong, the value, what would be right."""

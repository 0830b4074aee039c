"""Built-in settings: where a tree is cut, and what scores to expect, when no photo has a true model."""

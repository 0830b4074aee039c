"""New photos are matched with groups that stay as they are."""

"""How a folder shows its models: by a table, by file names or by folders, and what to ask where two forms differ."""

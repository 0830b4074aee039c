"""Recognises how a folder shows its models: by a table, file names or folders. Asks if two forms differ."""

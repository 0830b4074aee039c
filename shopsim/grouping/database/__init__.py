"""Writes groups into a database: SQLite, PostgreSQL or MongoDB."""

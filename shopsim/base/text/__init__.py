"""Reads text and tables from any program: encodings, delimiters. Writes CSV files that spreadsheets open safely."""

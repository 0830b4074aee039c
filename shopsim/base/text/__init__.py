"""Text and tables of any program: encodings, delimiters, and CSV files that spreadsheets open safely."""

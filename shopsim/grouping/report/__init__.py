"""The report: one HTML file about a grouping, for people who have no shopsim."""

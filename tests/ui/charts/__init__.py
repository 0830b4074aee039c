"""Of the charts of all pages."""

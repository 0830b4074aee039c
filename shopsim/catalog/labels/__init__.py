"""True and predicted labels in files of any tool."""

"""Of Auto, and of the settings it keeps."""

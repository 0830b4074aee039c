"""Of who may do what."""

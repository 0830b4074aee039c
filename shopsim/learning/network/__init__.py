"""The training of a network, from photos and edited views to weights."""

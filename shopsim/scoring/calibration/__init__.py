"""A similarity becomes the probability that two photos show one model."""

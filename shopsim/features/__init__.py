"""Photos become rows of numbers, each computed once."""

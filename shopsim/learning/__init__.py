"""Learns from models whose photos are labelled: a network's last blocks, or a metric on features."""

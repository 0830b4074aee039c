"""Learns from models whose photos are labelled: a network, or a metric on features."""

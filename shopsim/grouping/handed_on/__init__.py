"""Packs a grouping for other programs: TensorFlow's Embedding Projector, folders of photos, Parquet."""

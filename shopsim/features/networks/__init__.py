"""Networks: where their weights are, whether they may be loaded, and those trained here."""

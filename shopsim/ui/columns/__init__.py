"""What the pages do with further columns of a catalogue: filters, rules and scores."""

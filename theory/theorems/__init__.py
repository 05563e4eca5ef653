"""The theorem library: one file a statement, nothing to register."""

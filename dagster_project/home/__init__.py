"""The state of a home other than data: its lock, fingerprints of its inputs, records of checks."""

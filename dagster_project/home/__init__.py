"""What a home holds besides data: its lock, fingerprints of its inputs, records of checks."""

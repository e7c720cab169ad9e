"""The state of a home other than its data: lock, files, fingerprints of inputs, table hashes, records of checks."""

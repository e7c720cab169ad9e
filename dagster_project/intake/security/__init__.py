"""Protection against hostile files: limits, the archive guard, worker processes."""

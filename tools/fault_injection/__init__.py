"""Kill real runs, fill disks and read during publication: what readers see stays whole."""

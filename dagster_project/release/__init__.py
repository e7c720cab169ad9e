"""From audited marts to one release: completed next to the others, then published in one step."""

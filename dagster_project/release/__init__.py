"""From audited marts to one release: made complete beside the others, then switched to in one step."""

"""From audited marts to a release: a complete folder, to which readers are switched in one step."""

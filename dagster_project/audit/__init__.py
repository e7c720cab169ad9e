"""Records of passed checks and the tokens of the data they saw: what the rooms hand to the release."""

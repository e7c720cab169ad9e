"""Feedback for committees with problems: what to fix and where. Never part of a release."""

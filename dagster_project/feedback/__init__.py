"""Feedback to committees: for each one with problems, what to fix and where. Never part of a release."""

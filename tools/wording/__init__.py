"""Wording checks of `make lint`."""

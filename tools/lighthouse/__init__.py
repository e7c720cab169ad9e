"""Lighthouse on the published site."""

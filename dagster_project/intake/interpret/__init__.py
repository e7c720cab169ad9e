"""Grids of text as a cover, answers and problems."""

"""Interpret grids of text: cover, answers and problems."""

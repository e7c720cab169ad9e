"""Recompute the published figures from the returned files, without the warehouse: `make recompute`.

This is the method in plain Python. It imports nothing of the product: `returns.py` reads the files of the invented
sample, `statistics.py` counts, ranks and resamples, and `marts.py` makes the rows that each table should have. The
command compares them, value by value, with the published database.
"""

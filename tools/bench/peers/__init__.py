"""The marts of `floor.sql` made by others, on the same raw data: polars, pandas and SQLMesh.

One file each makes them; `ready` measures what they cost.
"""

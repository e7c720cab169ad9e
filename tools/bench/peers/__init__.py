"""The marts of `floor.sql` by polars, pandas and SQLMesh, from the same raw data: one script each."""

"""Try to work out single ratings from published files."""

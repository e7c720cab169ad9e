"""Read file formats into grids of text."""

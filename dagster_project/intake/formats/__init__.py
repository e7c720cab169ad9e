"""File formats: workbooks, documents and tables as grids of text."""

"""Pages from a release: Markdown with SQL in, plain Markdown with tables and SVG out, then MkDocs."""

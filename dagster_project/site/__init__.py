"""Builds the website of a release: pages with SQL become plain Markdown, which MkDocs turns into HTML."""

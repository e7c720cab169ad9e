"""Opens and closes rounds: rows of the registry, blank workbooks for committees."""

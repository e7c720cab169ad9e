"""Opening, closing and watching rounds: rows of the registry, blanks for committees, who has answered."""

"""The invented sample round: a constraint model over the published figures, and files from its solution."""

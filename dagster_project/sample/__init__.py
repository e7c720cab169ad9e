"""The invented sample round: a constraint model over the published figures, and the files written from its solution."""

"""Benchmarks: each module measures one part and prints JSON; `suite` runs all of them."""

"""Benchmarks: each file measures one part and prints JSON; `run_all.py` gathers them."""

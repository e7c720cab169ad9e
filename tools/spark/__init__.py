"""Spark cluster helpers: export raw tables as Parquet, build the models, attach the marts."""

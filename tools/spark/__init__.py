"""The same models on a Spark cluster: raw tables out as Parquet, marts back. Nothing here knows what they mean."""

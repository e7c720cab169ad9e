"""What is not the product: sample generator, benchmarks, mutation testing, fault injection, Spark cluster."""

"""The audit: Great Expectations suites as blocking checks, and the gate that asks for their records."""

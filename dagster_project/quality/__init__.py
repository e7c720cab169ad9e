"""The audit: Great Expectations suites as blocking checks, and the token that ties a pass to exactly the data it saw."""

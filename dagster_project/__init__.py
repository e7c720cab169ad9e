"""From returned self-evaluation templates to one audited, published release."""

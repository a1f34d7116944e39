"""Ways to tell topics apart, compared on the same phrases."""

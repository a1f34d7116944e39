"""The job guide: a few questions about what somebody likes and can, and three occupations that may suit."""

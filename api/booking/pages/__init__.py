"""Pages about meetings: the person's own behind a secret link, and those of counsellors and staff."""

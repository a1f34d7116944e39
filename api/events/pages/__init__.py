"""Pages of events: public ones, a person's own sign-up, and those of staff."""

"""Staff keep courses and occasions: the list, the forms, one click and many at once. Every change can be undone."""

"""Forms that change rows safely: fields with errors beside them, and two people at the same row."""

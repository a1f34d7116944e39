"""Secret addresses where calendar programs read the meetings of a counsellor or a node."""

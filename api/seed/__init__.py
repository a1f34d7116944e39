"""The data a new installation starts with. Another region is another set of these files."""

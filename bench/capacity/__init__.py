"""How many machines so many conversations need: from figures that were measured, kept in `measured.json`."""

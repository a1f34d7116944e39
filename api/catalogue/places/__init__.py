"""Staff's pages for nodes and municipalities."""

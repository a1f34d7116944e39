"""Staff's pages for occupations, and the rules for names that the assistant knows."""

"""Topics and their answers, occupations."""

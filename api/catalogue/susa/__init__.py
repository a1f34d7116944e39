"""The mirror of Susa-navet: Skolverket's open data about education (EMIL3), and what staff let out of it."""

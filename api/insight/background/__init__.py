"""Who is reached: voluntary answers about background, kept as counts that lead to nobody."""

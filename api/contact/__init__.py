"""People and organisations that need an answer from somebody: enquiries, companies that receive, networks."""

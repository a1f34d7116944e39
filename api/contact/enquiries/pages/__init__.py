"""Pages about enquiries: forms for companies and schools, the sender's own page, and staff's."""

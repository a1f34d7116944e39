"""Forms whose questions come from api: signing up for events, and enquiries from companies and schools."""

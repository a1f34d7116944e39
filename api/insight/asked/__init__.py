"""What people asked about, day by day, and what the assistant did not understand."""

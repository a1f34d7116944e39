"""`make bench`: how long turns take, how much memory the four processes need, and what each layer adds."""

"""Language understanding: pure modules, and thin Rasa components around them."""

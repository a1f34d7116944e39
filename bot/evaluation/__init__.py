"""How well the trained bot understands a file of messages with the right answers."""

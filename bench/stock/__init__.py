"""Rasa as it comes: its default pipeline, policies and store, with our examples, rules and actions."""

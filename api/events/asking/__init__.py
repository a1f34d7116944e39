"""Signing up for an event in the chat, and taking it back there."""

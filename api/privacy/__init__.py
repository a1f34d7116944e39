"""Masking, contact data apart from the chat, retention."""

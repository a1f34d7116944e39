"""Enquiries in the chat: the questions of each matter, and sending what was answered."""

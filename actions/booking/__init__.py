"""Booking in the chat: the form, its questions, and what one can do with a booked meeting."""

"""Forms in the chat: questions asked one at a time, whose steps each capability describes as data."""

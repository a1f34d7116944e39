"""Conversations, the message contract, the gateway to the bot, transcripts and feedback."""

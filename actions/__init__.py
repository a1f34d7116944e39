"""The action server: turns what the bot understood into one call to api, and its answer into messages and slots."""

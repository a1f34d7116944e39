"""The plain page of the chat, which works by forms alone: the same conversations, without JavaScript."""

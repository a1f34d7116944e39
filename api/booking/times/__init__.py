"""When somebody wants to meet, read from what they typed: Swedish words in, windows of time out. Pure."""

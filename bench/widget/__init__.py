"""The chat widget beside two public ones: what they weigh, and how long one waits until one can write."""

"""What people ask, what was not understood, and the way from question to application: figures, never people."""

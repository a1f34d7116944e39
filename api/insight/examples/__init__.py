"""Messages that staff teach the assistant with: proposed by one person, approved by another."""

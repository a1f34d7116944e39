"""“Prova en fråga”: staff write as a visitor and see what the assistant understands and answers. Nothing is kept."""

"""What Rasa loads from us (Python 3.10, environment `bot`): channel, tracker store, importer, language components."""

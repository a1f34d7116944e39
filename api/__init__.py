"""The only public process: HTTP, pages and all business rules. Imports neither Rasa nor the action server."""

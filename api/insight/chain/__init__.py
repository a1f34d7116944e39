"""The chain as figures: from a talk in the chat by way of events, visits and meetings to an application."""

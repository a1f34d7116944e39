"""Companies that receive pupils and visitors, and the page about prao."""

"""Staff's pages for the answers to the topics. They belong to the chat because they show what the whole chat says."""

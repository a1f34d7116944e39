"""Staff's pages for counsellors: who is there, how they are reached and shown. As functions, never by name."""

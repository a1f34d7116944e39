"""Information meetings, open houses, study visits and network meetings: sign-up, waiting list, mails."""

"""Meetings with study counsellors: free times, holds, bookings, invitations and the person's own page."""

"""Staff: log-in, roles, the frame of their pages, and the audit trail."""

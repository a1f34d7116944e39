"""The audit trail (and, later, log-in and roles)."""

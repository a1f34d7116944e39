"""Staff's page for which function gets which enquiries."""

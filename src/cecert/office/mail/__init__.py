"""What sends the mails of an office."""

"""Deliver: from the outbox to the mail service, once."""

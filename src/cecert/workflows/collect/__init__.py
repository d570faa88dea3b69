"""Collect: from exports and lists to a completion list."""

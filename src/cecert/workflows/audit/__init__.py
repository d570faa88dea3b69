"""Audit: ledger, archive, keys and site held against one another."""

"""What an office has: keys, ledger, looks and courses, each read when it is first asked for."""

"""What an office makes of its ledger for people, boards and sponsors."""

"""The office's log: published, time-stamped, and held against the ledger."""

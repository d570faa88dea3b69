"""The log: what of the ledger can be proven to have been there, and when."""

"""Issue: from awards to sealed certificates in the ledger."""

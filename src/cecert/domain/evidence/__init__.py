"""Evidence: what exports say, who it was, and what follows from it."""

"""The outside world: one module or package for each outside thing; none imports another."""

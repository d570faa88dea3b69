"""The outside world: one module or package for each outside thing; none imports another.

Internal: no promise is made of what lies here (docs/reference/promises.md).
"""

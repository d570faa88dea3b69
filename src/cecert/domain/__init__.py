"""What a certificate means: values and rules, with no file, clock, network, database or PDF.

Internal by its modules: what is public of it is exported by `cecert` and `cecert.ports`.
"""

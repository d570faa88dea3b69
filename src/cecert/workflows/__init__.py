"""What cecert does, step by step: each workflow is one straight line through the ports.

Internal by its modules: the verbs that are public are exported by `cecert`.
"""

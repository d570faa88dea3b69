"""What cecert does, step by step: each workflow is one straight line through the ports."""

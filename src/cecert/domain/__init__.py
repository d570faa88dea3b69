"""What a certificate means: values and rules, with no file, clock, network, database or PDF."""

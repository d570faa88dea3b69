"""Trust: the trust file, status lists and re-attested lists."""

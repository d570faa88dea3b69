"""What every layout is made of: the page, its words, tables, pictures and ornament."""

"""Tables that people and programs wrote: bytes, delimiters, workbooks, JSON, headers, cells, dates.

The one place below the other adapters: completion lists and exports are read by it alike.
"""

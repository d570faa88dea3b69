"""What commands print with `--json`: the keys of each document and what stands behind them.

The types are the one source: what builds a document is checked against them, and the schemas in
`docs/reference/schema/json/` are made of them. What each key means says docs/reference/json.md.
"""

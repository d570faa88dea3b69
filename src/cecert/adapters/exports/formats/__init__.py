"""The formats that cecert reads: one module a vendor, one entry each in `registry.FORMATS`."""

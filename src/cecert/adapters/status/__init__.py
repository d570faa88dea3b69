"""Getting status lists: from the provider's hosts, from files, from what was kept before."""

from cecert.adapters.status.source import StatusLists

__all__ = ["StatusLists"]

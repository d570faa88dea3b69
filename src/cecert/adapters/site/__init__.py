"""The static site of verification: the folder, the page, the bundle."""

from cecert.adapters.site.folder import SiteFolder
from cecert.adapters.site.maker import VerifySite

__all__ = ["SiteFolder", "VerifySite"]

"""Zoom: what its interface answers of a meeting, page by page, kept as it came."""

from cecert.adapters.zoom.meeting import fetch_meeting
from cecert.adapters.zoom.service import Patience, ZoomAccount, ZoomService

__all__ = ["Patience", "ZoomAccount", "ZoomService", "fetch_meeting"]

"""Days on the provider's calendar, by which everything of an office is dated."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from cecert.office.office import Office

__all__ = ["office_day", "office_today"]


def office_day(office: Office, instant: datetime) -> date:
    """Return the day of an instant on the provider's calendar."""
    return instant.astimezone(ZoneInfo(office.file.provider.timezone)).date()


def office_today(office: Office) -> date:
    """Return the day that it is for the provider."""
    return office_day(office, office.clock.now())

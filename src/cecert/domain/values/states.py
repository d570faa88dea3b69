"""The states that license professions, by their two letters."""

from __future__ import annotations

__all__ = ["state_code", "state_name"]

_STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California",
    "CO": "Colorado", "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia",
    "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois",
    "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
    "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada",
    "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York",
    "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon",
    "PA": "Pennsylvania", "PR": "Puerto Rico", "RI": "Rhode Island", "SC": "South Carolina",
    "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont",
    "VI": "Virgin Islands", "VA": "Virginia", "WA": "Washington", "WV": "West Virginia",
    "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip


def state_code(text: str) -> str:
    """Return the two letters of a state that is written in full or as letters, "" for no state.

    >>> state_code("new york"), state_code("ma"), state_code("Ontario")
    ('NY', 'MA', '')
    """
    folded = " ".join(text.casefold().replace(".", "").split())
    if folded.upper() in _STATES:
        return folded.upper()
    return next((code for code, name in _STATES.items() if name.casefold() == folded), "")


def state_name(code: str) -> str:
    """Return a state in full by its two letters, "" for no state.

    >>> state_name("CT"), state_name("ON")
    ('Connecticut', '')
    """
    return _STATES.get(code, "")

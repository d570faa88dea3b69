"""A conference of four sessions, two of them at once, on two days."""

from __future__ import annotations

__all__ = ["COURSE"]

COURSE = """[course]
id = "spring-2020"
title = "Spring Conference"
presented_by = "Smith College School for Social Work"
format = "conference"
location = "Seelye Hall"
timezone = "America/New_York"

[[session]]
id = "keynote"
title = "Opening Keynote: Attachment"
start = 2020-04-03T09:00:00
end = 2020-04-03T10:30:00
hours = 1.5

[[session]]
id = "grief"
title = "Grief in Families"
start = 2020-04-03T11:00:00
end = 2020-04-03T12:00:00
hours = 1

[[session]]
id = "ethics"
title = "Ethics of Record Keeping"
start = 2020-04-03T11:00:00
end = 2020-04-03T12:15:00
hours = 1.25

[[session]]
id = "close"
title = "Closing Panel"
start = 2020-04-04T09:00:00
end = 2020-04-04T09:15:00
hours = 0.25

[[credit]]
credential = "ny-social-work"
hours = 3

[[credit]]
credential = "ma-social-work"
hours = 3

[requirements]
evaluation = true
partial = "per-session"
"""

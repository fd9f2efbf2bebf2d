"""Moments as people say them: 3 minutes ago, today, 12 March 2026; and exactly, in the browser's time zone."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
UNITS = ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"))


def ago(moment: float, now: float) -> str:
    """Return how long ago it was, in one unit."""
    passed = now - moment
    for unit, name in UNITS:
        if passed >= unit:
            count = int(passed // unit)
            return f"{count} {name}{'s' if count > 1 else ''} ago"
    return "just now"


def exact(moment: float, zone: tzinfo = UTC) -> str:
    """Return the date and the time to the minute."""
    return datetime.fromtimestamp(moment, zone).strftime("%Y-%m-%d %H:%M")


def time_of_day(moment: float, zone: tzinfo = UTC) -> str:
    """Return the time to the second."""
    return datetime.fromtimestamp(moment, zone).strftime("%H:%M:%S")


def day(moment: float, now: float, zone: tzinfo = UTC) -> str:
    """Return the day: "Today", "Yesterday", or its date."""
    date, today = (datetime.fromtimestamp(at, zone).date() for at in (moment, now))
    passed = (today - date).days
    if passed in (0, 1):
        return ("Today", "Yesterday")[passed]
    year = f" {date.year}" if date.year != today.year else ""
    return f"{date:%A}, {date.day} {date:%B}{year}"


def browser_zone() -> tzinfo:
    """Return the time zone of the browser; UTC if it has told none that is known here."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC

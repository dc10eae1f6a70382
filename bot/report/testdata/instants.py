"""Reads a calendar and prints in UTC when each of its appointments is, a line each."""

import sys
from datetime import timezone

from dateutil.rrule import rrulestr
from icalendar import Calendar

cal = Calendar.from_ical(sys.stdin.buffer.read())
zones = {str(z["TZID"]): z.to_tz() for z in cal.walk("VTIMEZONE")}
for event in cal.walk("VEVENT"):
    for required in ("UID", "DTSTAMP", "SUMMARY"):
        assert required in event, required
    start = event["DTSTART"]
    zone = zones[start.params["TZID"]]
    naive = start.dt.replace(tzinfo=None)
    starts = [naive]
    if "RRULE" in event:
        rule = event["RRULE"]
        until = rule.pop("UNTIL")[0]
        text = rule.to_ical().decode()
        starts = []
        for at in rrulestr(text, dtstart=naive):
            if zone.localize(at).astimezone(timezone.utc) > until:
                break
            starts.append(at)
    for at in starts:
        print(zone.localize(at).astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"))

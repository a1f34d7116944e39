"""An event for search engines: schema.org as JSON-LD. Pure."""

from __future__ import annotations

from typing import Any

from api.clock import STOCKHOLM
from api.events.pages.showing import Shown

JsonObject = dict[str, Any]  # Any: JSON-LD, its shape is schema.org's

_SCHEMA = "https://schema.org/"


def event_document(one: Shown, url: str, *, example_label: str) -> JsonObject:
    """The JSON-LD document of an event at the address `url`.

    No price, since nothing here knows one. An address on the net is for those who have a place: the document names the
    page instead.
    """
    event = one.event
    place = {
        "@type": "Place",
        "name": event.place_name or event.host,
        "address": _compact(
            {
                "@type": "PostalAddress",
                "streetAddress": event.street,
                "addressLocality": event.municipality.name,
                "addressCountry": "SE",
            }
        ),
    }
    return _compact(
        {
            "@context": "https://schema.org",
            "@type": "EducationEvent",
            "@id": f"{url}#traff",
            "name": event.title,
            "description": event.description,
            "disambiguatingDescription": example_label if event.example else None,
            "url": url,
            "inLanguage": "sv",
            "startDate": event.starts_at.astimezone(STOCKHOLM).isoformat(),
            "endDate": event.ends_at.astimezone(STOCKHOLM).isoformat(),
            "eventStatus": f"{_SCHEMA}Event{'Cancelled' if event.status == 'cancelled' else 'Scheduled'}",
            "eventAttendanceMode": f"{_SCHEMA}{'Online' if event.is_online else 'Offline'}EventAttendanceMode",
            "location": {"@type": "VirtualLocation", "url": url} if event.is_online else place,
            "organizer": {"@type": "Organization", "name": event.host, "email": event.contact_email},
            "maximumAttendeeCapacity": event.capacity,
            "remainingAttendeeCapacity": one.places_left,
            "audience": {"@type": "PeopleAudience", "suggestedGender": "female"} if event.women_only else None,
        }
    )


def _compact(members: JsonObject) -> JsonObject:
    """Without what is not known: an empty value would be a statement."""
    return {key: value for key, value in members.items() if value not in (None, "", [], {})}

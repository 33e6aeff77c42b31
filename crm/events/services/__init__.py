"""Use cases of events: marking who came, and putting a pasted list of participants on an event."""

from crm.events.services.mark import Marked, mark_attendance
from crm.events.services.place import GUEST_LIST, PlacedGuests, place_guests
from crm.events.services.preview import Guest, GuestList, PlaceGuests, decide, preview_guests

__all__ = [
    "GUEST_LIST",
    "Guest",
    "GuestList",
    "Marked",
    "PlaceGuests",
    "PlacedGuests",
    "decide",
    "mark_attendance",
    "place_guests",
    "preview_guests",
]

"""What a collaboration is on screen, in the API and in the log."""

from __future__ import annotations

from typing import Final

from crm.collaboration import rules
from crm.collaboration.models import Collaboration
from crm.kernel.i18n import Label
from crm.records.types import Column, Field, Functions, Links, Names, Option, RecordType, Spine

SECTION: Final = "directory"

KINDS: Final = (
    Option("project", Label(da="Fælles projekt", en="Joint project"), "blue"),
    Option("event", Label(da="Fælles arrangement", en="Joint event"), "orange"),
    Option("agreement", Label(da="Formel aftale", en="Formal agreement"), "purple"),
    Option("members", Label(da="Fælles medlemmer", en="Shared members"), "teal"),
    Option("exchange", Label(da="Erfaringsudveksling", en="Exchange of experience"), "cyan"),
    Option("merger", Label(da="Fusionsdrøftelser", en="Merger talks"), "red"),
)
STATUSES: Final = (
    Option("idea", Label(da="Idé", en="Idea"), "grey"),
    Option("planned", Label(da="Planlagt", en="Planned"), "blue"),
    Option("running", Label(da="I gang", en="Running"), "green"),
    Option("ended", Label(da="Afsluttet", en="Ended"), "slate"),
)
#: The scale's ends are those used in practice; the words of the steps between are our own, and so the help says.
INTENSITIES: Final = (
    Option("one", Label(da="1 – Intet samarbejde", en="1 – No collaboration"), "grey"),
    Option("two", Label(da="2 – Lejlighedsvist samarbejde", en="2 – Now and then"), "cyan"),
    Option("three", Label(da="3 – Løbende samarbejde", en="3 – Continuous"), "teal"),
    Option("four", Label(da="4 – Integreret partnerskab", en="4 – Integrated partnership"), "green"),
)
CONFIRMATIONS: Final = (
    Option("none", Label(da="Ingen af parterne", en="Neither side"), "amber"),
    Option("one", Label(da="Den ene part", en="One side"), "blue"),
    Option("both", Label(da="Begge parter", en="Both sides"), "green"),
)
#: Where a statement comes from stands together.
STATEMENT: Final = Label(da="Oplysningen", en="The statement")

COLLABORATION: Final = RecordType(
    key="collaboration",
    names=Names(
        one=Label(da="samarbejde", en="collaboration"),
        many=Label(da="samarbejder", en="collaborations"),
        new=Label(da="Nyt samarbejde", en="New collaboration"),
        title=Label(da="Samarbejder", en="Collaborations"),
    ),
    icon="affiliate",
    model=Collaboration,
    section=SECTION,
    functions=Functions(derive=rules.derive, check=rules.check, title=rules.title),
    list_fields=("title", "kind", "status", "intensity", "period", "confirmed"),
    fields=(
        Field(
            "one",
            "relation",
            Label(da="Den ene part", en="One side"),
            Column(("one_id",)),
            required=True,
            targets=("organisation",),
            back_label=Label(da="Samarbejder", en="Collaborations"),
        ),
        Field(
            "other",
            "relation",
            Label(da="Den anden part", en="The other side"),
            Column(("other_id",)),
            required=True,
            targets=("organisation",),
            back_label=Label(da="Samarbejder", en="Collaborations"),
        ),
        Field("kind", "choice", Label(da="Slags", en="Kind"), Column(("kind_of",)), options=KINDS),
        Field("status", "choice", Label(da="Status", en="Status"), Column(("status",)), options=STATUSES),
        Field(
            "intensity",
            "choice",
            Label(da="Samarbejdets tæthed", en="Intensity"),
            Column(("intensity",)),
            options=INTENSITIES,
            help=Label(
                da="Fire trin fra intet til integreret partnerskab; ordene for trin 2 og 3 er vores egne.",
                en="Four steps from none to integrated partnership; the words of steps 2 and 3 are our own.",
            ),
        ),
        Field(
            "period",
            "date",
            Label(da="Periode", en="Period"),
            Spine(("starts_at", "ends_at", "all_day")),
            config={"end": "optional"},
        ),
        Field("funding", "text", Label(da="Finansiering", en="Funding"), Column(("funding",))),
        Field(
            "companies",
            "relation",
            Label(da="Virksomheder", en="Companies"),
            Links(),
            targets=("organisation",),
        ),
        Field(
            "source",
            "text",
            Label(da="Kilde", en="Source"),
            Column(("source",)),
            help=Label(da="Hvem eller hvad oplysningen kommer fra.", en="Who or what says so."),
            section=STATEMENT,
        ),
        Field(
            "stated",
            "date",
            Label(da="Oplyst den", en="Stated on"),
            Column(("stated",)),
            config={"store": "day"},
            section=STATEMENT,
        ),
        Field(
            "confirmed",
            "choice",
            Label(da="Bekræftet af", en="Confirmed by"),
            Column(("confirmed",)),
            options=CONFIRMATIONS,
            default=rules.UNCONFIRMED,
            section=STATEMENT,
        ),
        Field("note", "text", Label(da="Bemærkning", en="Note"), Column(("note",)), config={"multiline": True}),
    ),
)

TYPES: Final[tuple[RecordType, ...]] = (COLLABORATION,)

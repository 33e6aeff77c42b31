"""The words that the blocks of events write into a pack, in the pack's own language."""

from __future__ import annotations

from typing import Final

from crm.kernel.i18n import Label

EVENTS: Final = Label(da="Arrangementer", en="Events")
PARTICIPANTS: Final = Label(da="Deltagere", en="Participants")
CLUSTERS: Final = Label(da="Klynger", en="Clusters")
KIND: Final = Label(da="Slags", en="Kind")
REGION: Final = Label(da="Region", en="Region")
ROLE: Final = Label(da="Vores rolle", en="Our role")
TOTAL: Final = Label(da="I alt", en="In all")
NO_ROLE: Final = Label(da="Ikke angivet", en="Not stated")
#: The columns of the appearances one by one.
LISTED: Final = (
    Label(da="Dato", en="Date"),
    Label(da="Strategimøde", en="Strategy meeting"),
    Label(da="Klynge", en="Cluster"),
    ROLE,
)
HELD: Final = Label(
    da="I perioden {period} er der afholdt {events} {events:arrangement|arrangementer} med {people} {people:deltager|deltagere} "
    "fra {clusters} {clusters:klyngesekretariat|klyngesekretariater}.",
    en="In the period {period}, {events} {events:event was|events were} held with {people} {people:participant|participants} "
    "from {clusters} cluster {clusters:secretariat|secretariats}.",
)
UNLISTED: Final = Label(
    da="Hertil kommer {people} {people:person|personer} ved {events} {events:arrangement|arrangementer}, hvor deltagerne ikke er "
    "registreret enkeltvis.",
    en="To these come {people} {people:person|people} at {events} {events:event|events} whose participants are not "
    "listed one by one.",
)
NONE_HELD: Final = Label(
    da="Der er ikke afholdt arrangementer i perioden {period}.", en="No events were held in the period {period}."
)
FEWER: Final = Label(da="færre end {least}", en="fewer than {least}")
FEW: Final = Label(
    da="{sign} står i stedet for tal under {least} og for tal, der ville røbe dem.",
    en="{sign} stands for numbers below {least} and for those that would give them away.",
)
APPEARED: Final = Label(
    da="I perioden {period} har vi deltaget i {events} {events:strategimøde|strategimøder} hos klyngerne.",
    en="In the period {period} we took part in {events} strategy {events:meeting|meetings} of the clusters.",
)
NOT_APPEARED: Final = Label(
    da="Vi har ikke deltaget i klyngernes strategimøder i perioden {period}.",
    en="We took part in none of the clusters' strategy meetings in the period {period}.",
)

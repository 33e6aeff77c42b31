"""The words that a pack's faces add: in the pack's own language, which need not be the reader's."""

from __future__ import annotations

from typing import Final

from crm.kernel.i18n import Label

KIND: Final = Label(da="Dagsorden og bilag", en="Agenda and annexes")
CONTENTS: Final = Label(da="Indhold", en="Contents")
AGENDA: Final = Label(da="Dagsorden", en="Agenda")
ANNEXES: Final = Label(da="Bilag", en="Annexes")
ANNEX_LIST: Final = Label(da="Bilagsliste", en="List of annexes")
MEMBERS: Final = Label(da="Medlemmer", en="Members")
WHEN: Final = Label(da="Tid", en="Time")
WHERE: Final = Label(da="Sted", en="Place")
BOARD: Final = Label(da="Udvalg", en="Board")
VERSION: Final = Label(da="Version", en="Version")
CONTACT: Final = Label(da="Kontakt", en="Contact")
ITEM: Final = Label(da="Punkt", en="Item")
SUBJECT: Final = Label(da="Emne", en="Subject")
TYPE: Final = Label(da="Type", en="Type")
MINUTES: Final = Label(da="Minutter", en="Minutes")
PRESENTER: Final = Label(da="Oplæg", en="Presented by")
CLOSED: Final = Label(da="Lukket punkt", en="Closed item")
NOTE: Final = Label(da="Sekretariatets bemærkning", en="The secretariat's remark")
FILE: Final = Label(da="Fil", en="File")
PAGE: Final = Label(da="Side", en="Page")
OF: Final = Label(da="af", en="of")
NO_TEXT: Final = Label(da="Teksten mangler endnu.", en="The text is still missing.")
RECOMMENDS: Final = Label(da="Sekretariatet indstiller, {text}", en="The secretariat recommends {text}")
SUGGESTS: Final = Label(da="Sekretariatet foreslår, {text}", en="The secretariat suggests {text}")
BUILT: Final = Label(da="{version} · samlet {moment}", en="{version} · assembled {moment}")
NO_BLOCK: Final = Label(da="Denne blok kan ikke hentes længere.", en="This block can no longer be drawn.")
FIGURES: Final = Label(da="Tal pr. {moment}", en="Figures as of {moment}")
ANNEX_OF: Final = Label(da="Bilag {annex} til punkt {item}", en="Annex {annex} to item {item}")
ANNEX: Final = Label(da="Bilag {annex}", en="Annex {annex}")

FOLLOW_UPS: Final = Label(da="Opfølgningspunkter siden sidst", en="Follow-ups since last time")
FOLLOW_UP: Final = Label(da="Opfølgningspunkt", en="Follow-up")
FROM_MEETING: Final = Label(da="Fra møde", en="From meeting")
RESPONSIBLE: Final = Label(da="Ansvarlig", en="Responsible")
DUE: Final = Label(da="Frist", en="Due")
STATUS: Final = Label(da="Status", en="Status")
OPEN: Final = Label(da="Åben", en="Open")
OVERDUE: Final = Label(da="Overskredet", en="Overdue")
DONE_ON: Final = Label(da="Udført {day}", en="Done {day}")
DONE: Final = Label(da="Udført", en="Done")
NO_FOLLOW_UPS: Final = Label(
    da="Der er ingen opfølgningspunkter fra tidligere møder.", en="There are no follow-ups from earlier meetings."
)
FOLLOW_UPS_DONE: Final = Label(da="{done} af {total} opfølgningspunkter er udført.", en="{done} of {total} follow-ups are done.")

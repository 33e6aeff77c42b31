"""The words by which a typed line names forms and topics, in Danish and English. Data, folded as the line is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from crm.kernel.text import sort_key

#: A sparring lasts a day at most.
MINUTES_MOST: Final = 1440

_CHANNELS: Final[Mapping[str, str]] = {
    "phone": "tlf telefon telefonisk ring ringede ringet opkald mobil phone call called",
    "teams": "teams online video videomøde zoom",
    "meeting": "møde fysisk besøg meeting visit",
    "email": "mail e-mail email mailede",
    "strategy_meeting": "strategimøde strategi-møde strategidag",
}
_TOPICS: Final[Mapping[str, str]] = {
    "strategy": "strategi strat strategy vision",
    "management": "ledelse governance gov bestyrelse vedtægter management",
    "administration": "administration admin økonomi bogholderi jura hr",
    "certification": "certificering cert certifikat guld sølv bronze certification",
    "international": "internationalisering internationalt international intl eksport udland international internationalisation",
    "communication": "kommunikation komm presse pr communication",
    "funding": "finansiering ansøgning ansøgninger fonde fond penge funding application",
    "matchmaking": "matchmaking match partnersøgning brobygning",
    "data": "crm data it",
}


def _by_word(groups: Mapping[str, str]) -> dict[str, str]:
    return {sort_key(word): key for key, words in groups.items() for word in words.split()}


CHANNEL_WORDS: Final = {
    **_by_word(_CHANNELS),
    sort_key("strategi møde"): "strategy_meeting",
    sort_key("strategy meeting"): "strategy_meeting",
}
TOPIC_WORDS: Final = {
    **_by_word(_TOPICS),
    sort_key("ledelse og governance"): "management",
    sort_key("finansiering og ansøgninger"): "funding",
    sort_key("crm og data"): "data",
}

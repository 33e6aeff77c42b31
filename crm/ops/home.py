"""The administrator's box on the front page: what fails or waits, as links to just those, or a word that all is well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from crm.kernel import format as forms
from crm.kernel.i18n import N_, Message
from crm.ops.trouble import Trouble, trouble
from crm.screens import home_boxes
from crm.screens.home_boxes import HomeBox, HomeContext

PAGE: Final = "/ops"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the box: what is wrong, and where it can be seen."""

    words: Message
    url: str | None = None
    serious: bool = True


def lines(found: Trouble, locale: str) -> list[Line]:
    """Word what is wrong, the most serious first; nothing when all is well."""
    worded = []
    if not found.worker.alive:
        worded.append(Line(N_("The background work is stopped: nothing is sent or assembled. Start it with: klynge up")))
    elif found.worker.engine == "down":
        worded.append(Line(N_("Prefect is stopped: orders wait until it runs again.")))
    for name, one, many in _COUNTED:
        number = getattr(found, name)
        if number:
            words = one if number == 1 else Message(many.msgid, {"number": number})
            worded.append(Line(words, f"{PAGE}#{name}", serious=name.endswith("failed")))
    if found.backup_at is None:
        worded.append(Line(N_("There is no backup yet."), serious=False))
    elif found.backup_is_old:
        when = forms.day(found.backup_at.date(), locale)
        worded.append(Line(N_("The last backup is from %(day)s.", day=when)))
    return worded


_COUNTED: Final = (
    ("flows_failed", N_("1 flow failed"), N_("%(number)s flows failed")),
    ("jobs_failed", N_("1 job failed"), N_("%(number)s jobs failed")),
    ("mails_failed", N_("1 mail could not be delivered"), N_("%(number)s mails could not be delivered")),
    ("mails_held", N_("1 mail is held back"), N_("%(number)s mails are held back")),
    ("mails_waiting", N_("1 mail waits to be sent"), N_("%(number)s mails wait to be sent")),
    ("flows_waiting", N_("1 flow waits"), N_("%(number)s flows wait")),
    ("jobs_waiting", N_("1 job waits"), N_("%(number)s jobs wait")),
)


def _load(context: HomeContext) -> Mapping[str, Any]:
    found = trouble(context.uow, context.settings.home)
    return {"lines": lines(found, context.locale), "found": found}


def install() -> None:
    """Register the box."""
    home_boxes.add(HomeBox("ops", N_("Behind the screen"), "ops/_home_box.html", _load, 50, who="@admin"))

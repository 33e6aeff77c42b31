"""What every template may use: words, formats, icons, navigation, toasts. `install` is called once by the app factory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any

from flask import Flask, render_template
from markupsafe import Markup

from crm.kernel import format as forms
from crm.kernel.clock import local_day
from crm.kernel.i18n import worded
from crm.kernel.text import slug
from crm.records.fields import DateValue
from crm.records.query import Row
from crm.screens import files, navigation
from crm.screens.assets import static
from crm.screens.furniture import FurnitureCache
from crm.screens.icons import icon
from crm.screens.present import initials
from crm.screens.record_page import ExtraPanel
from crm.screens.tell import toasts
from crm.web.context import current_locale


def label(value: Any) -> Any:
    """Word a label or message in the page's language; anything else as it is."""
    return worded(value, current_locale())


@cache
def label_in(locale: str) -> Callable[[Any], Any]:
    """Give `label` of one language: a page asks for its language once, not for each of its labels."""
    return lambda value: worded(value, locale)


def record_url(record_id: int, title: str) -> str:
    """Give the address of a record."""
    return f"/r/{record_id}/{slug(title)}"


class Formats:
    """The filters of dates and numbers, in the page's language and the office's zone."""

    def __init__(self, zone: str, now: Callable[[], datetime]) -> None:
        self.zone = zone
        self.now = now

    def day(self, value: date | datetime | DateValue | None, style: forms.Style = "short") -> str:
        """A day: 07.04.2027; of a date with end both days."""
        if value is None:
            return ""
        if isinstance(value, DateValue):
            last = value.end and _as_day(value.end, self.zone)
            return forms.day_span(value.first_day(self.zone), last, current_locale(), style)
        return forms.day(_as_day(value, self.zone), current_locale(), style)

    def long_day(self, value: date | datetime | DateValue | None) -> str:
        """A day in words: 7. april 2027."""
        return self.day(value, "long")

    def moment(self, value: datetime | None) -> str:
        """A moment: 07.04.2027 kl. 14.05."""
        return "" if value is None else forms.moment(value, current_locale(), zone=self.zone)

    def time(self, value: datetime | time | None) -> str:
        """A time of day: 14.05."""
        if value is None:
            return ""
        here = forms.local(value, self.zone).time() if isinstance(value, datetime) else value
        return forms.clock_time(here, current_locale())

    def span(self, value: DateValue | None, style: forms.Style = "short") -> str:
        """When something is: a day, a range of days, or from–to with times."""
        if value is None:
            return ""
        if isinstance(value.start, datetime):
            end = value.end if isinstance(value.end, datetime) else None
            return forms.span(value.start, end, current_locale(), zone=self.zone, style=style)
        return self.day(value, style)

    def relative(self, value: date | datetime | None) -> str:
        """How far away: i dag kl. 14.05, om 3 dage, for 2 dage siden."""
        if value is None:
            return ""
        now = self.now()
        if isinstance(value, datetime):
            return forms.relative_moment(value, now, current_locale(), zone=self.zone)
        return forms.relative_day(value, local_day(now, self.zone), current_locale())

    def number(self, value: Decimal | float | None, decimals: int | None = None) -> str:
        """A number: 1.284."""
        return "" if value is None else forms.number(value, current_locale(), decimals=decimals)

    def is_past(self, value: date | datetime | DateValue | None) -> bool:
        """Whether a day is over."""
        if value is None:
            return False
        last = (value.end or value.start) if isinstance(value, DateValue) else value
        return _as_day(last, self.zone) < local_day(self.now(), self.zone)


def _as_day(value: date | datetime, zone: str) -> date:
    return local_day(value, zone) if isinstance(value, datetime) else value


def feature_panel(extra: ExtraPanel, row: Row) -> Markup:
    """Draw a feature's panel with what it loaded."""
    return Markup(render_template(extra.panel.template, **{**extra.context, "extra": extra, "row": row}))  # noqa: S704 - a template of ours, escaped


def install(app: Flask, klynge: Any) -> None:
    """Make globals and filters known to the app's templates."""
    env = app.jinja_env
    settings = klynge.settings
    formats = Formats(settings.zone, klynge.clock.now)
    numbers = count(1)
    furniture = FurnitureCache()

    @app.context_processor
    def _words() -> dict[str, Any]:
        return {"label": label_in(current_locale())}

    env.globals.update(
        icon=icon,
        svg=icon,
        static=static,
        label=label,
        record_url=record_url,
        toasts=toasts,
        feature_panel=feature_panel,
        menu=furniture.menu,
        new_menu=furniture.new_menu,
        palette=furniture.palette,
        nav_counted=navigation.any_counted,
        new_url=navigation.new_url,
        office_name=settings.office_name,
        next_number=lambda: next(numbers),
        is_past=formats.is_past,
        now=klynge.clock.now,
        file_icon=files.icon_of,
        file_size=lambda size: files.size_words(size, current_locale()),
        file_rules=lambda field=None: files.rules_for(klynge.file_rules, field),
        file_groups=lambda field=None: files.group_words(files.rules_for(klynge.file_rules, field), current_locale()),
    )
    files.install()
    env.filters.update(
        day=formats.day,
        long_day=formats.long_day,
        moment=formats.moment,
        time=formats.time,
        span=formats.span,
        relative=formats.relative,
        number=formats.number,
        initials=initials,
    )

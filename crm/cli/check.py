"""`klynge check`: what is unsafe or missing in settings and state, in plain lines. Exit code 1 if production would refuse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import click
from sqlalchemy.exc import ArgumentError, DBAPIError

from crm.cli.base import Cli, pass_cli
from crm.kernel.clock import Clock, SystemClock
from crm.kernel.db import Database
from crm.kernel.errors import ConfigError
from crm.kernel.i18n import N_
from crm.kernel.safety import DATABASES, Finding, findings, sqlite_path
from crm.kernel.settings import Settings, unknown_variables
from crm.ops.trouble import BACKUP_AGE, newest_backup

_TIMEOUT_SECONDS: Final = 2
#: The index follows within seconds; a large import may take longer.
_INDEX_SLACK: Final = timedelta(minutes=2)


@click.command("check")
@pass_cli
@click.pass_context
def check(ctx: click.Context, cli: Cli) -> None:
    """Say what is unsafe or missing; exit code 1 if it must be put right."""
    settings = cli.settings
    found = [
        *findings(settings),
        *strange_variables(),
        *adapters(settings),
        *database_state(settings),
        *backups(settings, SystemClock()),
        *open_prefect(settings),
    ]
    for finding in sorted(found, key=lambda item: not item.refuses):
        mark = N_("Must be put right") if finding.refuses else N_("Warning")
        click.echo(f"{mark(cli.locale)}: {finding.message(cli.locale)}")
    if any(finding.refuses for finding in found):
        ctx.exit(1)
    cli.tell(N_("Checked. Nothing stops Klynge from running in mode “%(mode)s”.", mode=settings.mode))


def strange_variables() -> Iterator[Finding]:
    """Name variables that look like settings and are none. No refusal: a platform may set some of its own by our name."""
    for name in unknown_variables():
        yield Finding(N_("There is no setting called %(name)s; it changes nothing.", name=name), False)


def adapters(settings: Settings) -> Iterator[Finding]:
    """Load each adapter that the settings name: a slip there would show itself at the first mail or pack."""
    from crm.wiring import ADAPTER_SETTINGS, load_class

    for name in ADAPTER_SETTINGS.values():
        try:
            adapter = load_class(getattr(settings, name))
            if name == "mail_adapter":  # it looks at what it needs; the others would make their secrets
                adapter.from_settings(settings)
        except (ConfigError, AttributeError) as error:
            problem: Any = error.args[0] if error.args else str(error)
            yield Finding(N_("KLYNGE_%(name)s: %(problem)s", name=name.upper(), problem=problem), True)


def database_state(settings: Settings) -> Iterator[Finding]:
    """Look whether the database answers and has this release's tables."""
    from crm.migrations.run import current, heads

    url = settings.resolved_database_url
    if not url.startswith(DATABASES):
        return  # said already
    if url.startswith("sqlite") and not sqlite_path(settings).exists():
        yield Finding(N_("There is no database yet. Run: klynge db upgrade"), True)
        return
    database = Database(url)
    try:
        revision = current(database)
        lagging = list(search_index(database)) if revision in heads() else []
    except (DBAPIError, ArgumentError) as error:
        problem = str(getattr(error, "orig", error)).strip().splitlines()[0]
        yield Finding(N_("The database cannot be reached: %(problem)s", problem=problem), True)
        return
    finally:
        database.dispose()
    if revision not in heads():
        yield Finding(N_("The database is not up to date. Run: klynge db upgrade"), True)
    yield from lagging


def search_index(database: Database) -> Iterator[Finding]:
    """Say when the full-text search does not know what was written a while ago: the worker stands still, or is far behind."""
    from crm.records.search import waits_since

    with database.reading() as session:
        late = waits_since(session)
    if late is None or SystemClock().now() - late.since < _INDEX_SLACK:
        return
    if late.changes:
        yield Finding(N_("The search is %(number)s changes behind: does the worker run?", number=late.changes), False)
    else:
        yield Finding(N_("The search index has not been written yet. Run: klynge search reindex"), False)


def backups(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Look for a recent backup in the home folder."""
    newest = newest_backup(settings.home)
    if newest is None:
        yield Finding(N_("There is no backup in %(path)s.", path=str(settings.home / "backups")), False)
    elif clock.now() - newest > BACKUP_AGE:
        hours = round(BACKUP_AGE.total_seconds() / 3600)
        yield Finding(N_("The newest backup is more than %(hours)s hours old.", hours=hours), False)


def open_prefect(settings: Settings) -> Iterator[Finding]:
    """Ask Prefect without a password; whoever may do that may start and read everything there."""
    if urlsplit(settings.prefect_api_url).scheme not in {"http", "https"}:
        yield Finding(N_("KLYNGE_PREFECT_API_URL must begin with http:// or https://."), True)
        return
    request = Request(f"{settings.prefect_api_url.rstrip('/')}/admin/settings")  # noqa: S310 - the scheme was checked above
    try:
        with urlopen(request, timeout=_TIMEOUT_SECONDS):  # noqa: S310
            yield Finding(N_("Prefect answers anybody at %(url)s: it needs a password.", url=settings.prefect_api_url), False)
    except HTTPError:
        return  # it asked who we are
    except (URLError, TimeoutError):
        yield Finding(N_("Prefect does not answer at %(url)s; orders wait until it does.", url=settings.prefect_api_url), False)

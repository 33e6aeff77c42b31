"""Two addresses for machines: is it alive, and is it ready. Strangers get one word, administrators the details."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import structlog
from flask import Blueprint, Response, jsonify
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from crm.ops.queries import outbox_lag, worker_state
from crm.records.models import Change, ChangeCursor
from crm.web.context import current_access, klynge
from crm.web.guard import public

log: Final = structlog.get_logger(__name__)
bp = Blueprint("health", __name__)


@bp.get("/health")
@public
def health() -> Response:
    """Say that the process answers."""
    return jsonify(status="ok")


@bp.get("/ready")
@public
def ready() -> tuple[Response, int]:
    """Say whether work can be done: the database answers, with its tables in place.

    A worker that is away or late makes it `degraded`, not unready: every page works without it.
    """
    app = klynge()
    try:
        with app.database.reading() as session:
            facts = _facts(session, app.clock.now())
    except SQLAlchemyError:
        log.exception("not_ready")
        return jsonify(status="unavailable"), 503
    status = "ready" if facts["worker"] and not facts["outbox"]["late"] else "degraded"
    if not current_access().may_use("@admin"):
        return jsonify(status=status), 200
    return jsonify(status=status, **facts), 200


def _facts(session: Session, now: datetime) -> dict[str, Any]:
    session.execute(text("SELECT 1"))
    mails, worker = outbox_lag(session, now), worker_state(session, now)
    newest = session.scalar(select(func.max(Change.id))) or 0
    readers = session.execute(select(ChangeCursor.reader, ChangeCursor.change_id)).all()
    return {
        "database": True,
        "worker": worker.alive,
        "prefect": worker.engine,
        "outbox": {
            "waiting": mails.waiting,
            "oldest_seconds": mails.oldest_seconds,
            "failed": mails.failed,
            "late": _is_late(mails),
        },
        "log_readers": {name: newest - change_id for name, change_id in readers},
    }


#: A mail that has waited this long, in seconds, is late.
_LATE: Final = 900


def _is_late(mails: Any) -> bool:
    return bool(mails.oldest_seconds and mails.oldest_seconds > _LATE)

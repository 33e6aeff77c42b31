"""Creating once: a request that is sent twice with the same `Idempotency-Key` makes one record."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm.api.errors import BadRequest
from crm.api.models import ApiIdempotency
from crm.kernel.errors import Conflict, InvalidInput
from crm.kernel.i18n import N_
from crm.records.work import UnitOfWork, Works
from crm.security.actors import Actor

#: A key is remembered this long; the same key later is a new request.
KEPT: Final = timedelta(hours=24)
_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")


def key_of(header: str | None) -> str | None:
    """Read the header.

    Raises:
        BadRequest: it is empty, too long, or holds other than printable ASCII.
    """
    if header is None:
        return None
    if _KEY.fullmatch(header) is None:
        raise BadRequest(N_("“Idempotency-Key” is 1 to 200 printable characters without spaces."))
    return header


def create_once(works: Works, actor: Actor, type_key: str, values: Mapping[str, Any], key: str | None) -> tuple[int, bool]:
    """Create a record, or find the one that this key made before.

    Returns:
        its id, and whether it was there already.

    Raises:
        InvalidInput: the key was used for another request.
        Conflict: the same request is being carried out right now, and its end could not be awaited.
    """
    for _try in range(2):
        try:
            with works.writing(actor) as uow:
                return _create(uow, type_key, values, key)
        except IntegrityError as error:
            # On PostgreSQL the same key may be written by a parallel request: look again, it is there now.
            if key is None or "api_idempotency" not in str(error.orig):
                raise
    raise Conflict(N_("The same request is being carried out. Try again in a moment."))


def _create(uow: UnitOfWork, type_key: str, values: Mapping[str, Any], key: str | None) -> tuple[int, bool]:
    if key is None or uow.actor.user_id is None:
        return uow.records.create(type_key, values, owner_id=uow.actor.user_id), False
    digest = hashlib.sha256(json.dumps([type_key, values], sort_keys=True).encode()).hexdigest()
    known = uow.session.get(ApiIdempotency, (uow.actor.user_id, key))
    if known is not None and known.at > uow.now() - KEPT:
        if known.digest != digest:
            raise InvalidInput({"Idempotency-Key": N_("This key was used for another request.")})
        return known.record_id, True
    if known is not None:
        uow.session.execute(delete(ApiIdempotency).where(ApiIdempotency.user_id == uow.actor.user_id, ApiIdempotency.key == key))
        uow.session.expunge(known)
    record_id = uow.records.create(type_key, values, owner_id=uow.actor.user_id)
    uow.session.add(ApiIdempotency(user_id=uow.actor.user_id, key=key, digest=digest, record_id=record_id, at=uow.now()))
    uow.session.flush()
    return record_id, False


def sweep(session: Session, now: datetime) -> int:
    """Forget keys older than a day; gives how many. A job of the worker."""
    return int(session.execute(delete(ApiIdempotency).where(ApiIdempotency.at <= now - KEPT)).rowcount)  # type: ignore[attr-defined]

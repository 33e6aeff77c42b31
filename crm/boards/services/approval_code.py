"""*Vis godkendelseskode*: a one-time code that carries one person's approval of one pack into Prefect."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from crm.boards import rules
from crm.boards.models import ApprovalCode, PackVersion
from crm.boards.services.approvable import approvable_version
from crm.boards.services.authorise import meeting_for
from crm.kernel.errors import AccessDenied, RuleViolation
from crm.kernel.i18n import N_, Message
from crm.records.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code, shown once."""

    code: str
    expires_at: datetime
    version_number: int


def issue_approval_code(uow: UnitOfWork, meeting_id: int, *, allowed: bool = True) -> IssuedCode:
    """Make a code for the actor's approval of the meeting's pack as it is now; an earlier one of theirs is void.

    Args:
        uow: the transaction.
        meeting_id: the meeting.
        allowed: the setting *approval in Prefect*.

    Raises:
        NotFound, AccessDenied.
        RuleViolation: codes are switched off, or there is no pack to approve (and why).
    """
    if not allowed:
        raise RuleViolation(NOT_ALLOWED)
    meeting = meeting_for(uow, meeting_id, "approve")
    if uow.actor.user_id is None:
        raise AccessDenied
    version = approvable_version(uow, meeting)
    for earlier in _codes(uow, meeting_id):
        if earlier.user_id == uow.actor.user_id and earlier.used_at is None and earlier.expires_at > uow.now():
            earlier.expires_at = uow.now()
    code = rules.new_code()
    salt = secrets.token_hex(16)
    row = ApprovalCode(
        code_hash=_hash(code, salt),
        salt=salt,
        meeting_id=meeting_id,
        version_id=version.id,
        digest=version.digest,
        user_id=uow.actor.user_id,
        created_at=uow.now(),
        expires_at=uow.now() + rules.CODE_LIFETIME,
    )
    uow.session.add(row)
    uow.session.flush()
    return IssuedCode(rules.shown_code(code), row.expires_at, version.number)


NOT_ALLOWED: Message = N_("Approval in Prefect is switched off. Approve the material on the meeting's page.")
MISSING: Message = N_("Approval in Prefect needs the one-time code from “Show approval code” on the meeting's page.")
WRONG: Message = N_("The code does not fit this meeting.")
USED: Message = N_("The code has been used.")
EXPIRED: Message = N_("The code has expired. Get a new one on the meeting's page.")
CHANGED: Message = N_("The material has been assembled again since the code was shown. Get a new one on the meeting's page.")


def spend_code(
    uow: UnitOfWork, meeting_id: int, version: PackVersion, typed: str | None
) -> tuple[ApprovalCode | None, Message | None]:
    """Look for a typed code among the meeting's and spend it; gives the code, or why not.

    A wrong guess is counted on every good code of the meeting; after `rules.CODE_TRIES` they are void. Nothing is raised
    here: the count must be committed.
    """
    code = rules.typed_code(typed)
    if not code:
        return None, MISSING
    known = _codes(uow, meeting_id)
    row = next((one for one in known if secrets.compare_digest(one.code_hash, _hash(code, one.salt))), None)
    if row is None:
        for one in known:
            if one.used_at is None and one.expires_at > uow.now():
                one.failures += 1
                if one.failures >= rules.CODE_TRIES:
                    one.expires_at = uow.now()
        return None, WRONG
    if row.used_at is not None:
        return None, USED
    if row.expires_at <= uow.now():
        return None, EXPIRED
    if row.version_id != version.id or row.digest != version.digest:
        return None, CHANGED
    row.used_at = uow.now()
    return row, None


def _codes(uow: UnitOfWork, meeting_id: int) -> list[ApprovalCode]:
    """The meeting's last codes, newest first; a handful, for each is compared by a slow hash."""
    wanted = select(ApprovalCode).where(ApprovalCode.meeting_id == meeting_id).order_by(ApprovalCode.id.desc()).limit(10)
    return list(uow.session.scalars(wanted.with_for_update()))


def _hash(code: str, salt: str) -> str:
    """Slow on purpose: a stolen table does not give up a code while it is good."""
    return hashlib.scrypt(code.encode(), salt=bytes.fromhex(salt), n=2**13, r=8, p=1, dklen=32).hex()

"""Clears away what is over: browser sessions, noted sign-in attempts, spent links, old mails."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from crm.ops.models import SENT, MailOutbox
from crm.security.models import ApiToken, LoginAttempt, SignInLink, WebSession

#: The limits on signing in look back ten minutes; a day is kept for the person who asks why.
ATTEMPTS_KEPT: Final = timedelta(days=1)
LINKS_KEPT: Final = timedelta(days=7)
TOKENS_KEPT: Final = timedelta(days=31)
#: What went out is kept a while for "did they get it?", then gone: mails hold personal data.
MAILS_KEPT: Final = timedelta(days=180)


def sweep(session: Session, now: datetime) -> None:
    """Delete what has run out."""
    session.execute(delete(WebSession).where(WebSession.expires_at < now))
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < now - ATTEMPTS_KEPT))
    session.execute(delete(SignInLink).where(SignInLink.expires_at < now - LINKS_KEPT))
    session.execute(delete(ApiToken).where(ApiToken.expires_at < now - TOKENS_KEPT))
    session.execute(delete(MailOutbox).where(MailOutbox.state == SENT, MailOutbox.sent_at < now - MAILS_KEPT))

"""Use cases of notices, one file each."""

from __future__ import annotations

from crm.notices.services.due import tell_due
from crm.notices.services.follow import Wish, follow
from crm.notices.services.read import mark_all_read, mark_read, sweep_notices
from crm.notices.services.switches import choose_ways
from crm.notices.services.tell import READER, tell_changes

__all__ = ["READER", "Wish", "choose_ways", "follow", "mark_all_read", "mark_read", "sweep_notices", "tell_changes", "tell_due"]

"""Taking a merge back: what hangs on the records returns, and the merged addresses are addresses again.

The records themselves, their fields and their links come back by their own changes of the same act.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from sqlalchemy import Table, delete, select

from crm.kernel.i18n import N_
from crm.records.changes import LogEntry, log
from crm.records.merge.hanging import move_back, move_hanging
from crm.records.merge.repoint import links_back
from crm.records.merge.service import KIND, free_unique_values, give_unique_values, note_merge
from crm.records.merge_models import MergedRecord
from crm.records.store.context import read_values
from crm.records.undo.inverses import FIRST, register_inverse
from crm.records.undo.past import Past
from crm.records.undo.report import Skipped

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork


def undo_merge(uow: UnitOfWork, past: Past) -> Sequence[Skipped]:
    """Part what was merged; or, when the undo of a merge is undone, put it together again."""
    old, new = past.patch.get("merge", (None, None))
    current = read_values(uow, [past.record_id])
    if past.record_id not in current:
        return [Skipped(past.record_id, N_("It lies in the trash."))]
    version = current[past.record_id]["version"]
    if new is None:
        ids = [int(one) for one in (old or {}).get("from", ())]
        taken = free_unique_values(uow, past.type, ids)
        moved = {one: {"rows": move_hanging(uow, one, past.record_id), "links": [], "unique": taken.get(one, [])} for one in ids}
        note_merge(uow, past.type, past.record_id, version, moved)
        return ()
    table = cast("Table", MergedRecord.__table__)
    mine = (table.c.act_id == past.act_id, table.c.old_id.in_([int(one) for one in new.get("from", ())]))
    rows = uow.session.execute(select(table).where(*mine)).mappings().all()
    for row in rows:
        move_back(uow, row["moved"].get("rows", {}), row["survivor_id"], row["old_id"])
        links_back(uow, row["moved"].get("links", ()), row["survivor_id"], row["old_id"])
        give_unique_values(uow, past.type, row["old_id"], row["moved"].get("unique", ()))
    uow.session.execute(delete(table).where(*mine))
    log(uow, [LogEntry(past.record_id, past.type.id, version, KIND, {"merge": [new, None]})])
    return ()


#: Before the fields: a value that only one record may have changes hands with them.
register_inverse(KIND, undo_merge, phase=FIRST)

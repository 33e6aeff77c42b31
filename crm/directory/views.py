"""What can be done on an organisation's page beyond any record."""

from __future__ import annotations

from typing import ClassVar

from werkzeug.wrappers import Response

from crm.directory.services import correct_name
from crm.kernel.i18n import N_
from crm.records.query import Row
from crm.records.work import UnitOfWork
from crm.screens.moves import undo_url
from crm.screens.panels import Act
from crm.screens.record_screen import RecordScreen, act


class OrganisationScreen(RecordScreen):
    """The acts of an organisation; its panels offer them where they belong."""

    type_key: ClassVar[str] = "organisation"

    def offer(self, _uow: UnitOfWork, _row: Row) -> list[Act]:
        """Offer nothing in the heading: the panel of names has the button."""
        return []

    @act("correct-name", N_("The last change was only a correction"), right="update")
    def correct(self, record_id: int) -> Response:
        """Call the last change of the name a correction."""
        with self.work() as uow:
            title = correct_name(uow, record_id)
            undo = undo_url(uow)
        return self.tell(N_("“%(name)s” has been the name all along.", name=title), back=f"/r/{record_id}", undo_url=undo)

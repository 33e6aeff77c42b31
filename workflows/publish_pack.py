"""The flow `publish-pack`: publish what was approved in the CRM, or approve it here with a one-time code."""

from __future__ import annotations

from typing import Any, Final

from prefect import flow

from crm.boards.services import MeetingRef, PublishedPack, approve_with_code
from crm.boards.services import publish_pack as publish_version
from crm.boards.services.approval_code import MISSING
from crm.kernel.errors import RuleViolation
from crm.kernel.i18n import N_, Label
from workflows.artifacts import show_published
from workflows.forms import PublishPackForm
from workflows.meetings import meeting_of, run_name
from workflows.runtime import Order, container, in_words, office, step

FLOW: Final = "publish-pack"
PUBLISHED: Final = Label(da="Materiale udsendt", en="Material published")


def approve(meeting: MeetingRef, form: PublishPackForm) -> int:
    """Approve with the code, as the person it was shown to; give the version.

    Raises:
        RuleViolation: approval in Prefect is switched off, the code is missing, or it does not fit.
    """
    if not form.approval_code:
        raise RuleViolation(MISSING)
    app = container()
    allowed = app.settings.approval_in_prefect
    return approve_with_code(app.works, meeting.id, form.approval_code, send_mails=form.send_mails, allowed=allowed)


@step("Materiale udsendt")
def publish(version_id: int) -> PublishedPack:
    """Freeze the version and put the mails into the outbox."""
    return publish_version(container().works, version_id, office())


def release(order: Order, form: PublishPackForm) -> dict[str, Any]:
    """Publish the version that was approved, in the CRM before or here by code."""
    meeting = meeting_of(order, form)
    version_id = order.parameters.get("version_id")
    pack = publish(approve(meeting, form) if version_id is None else int(version_id))
    order.step("published", PUBLISHED, N_("Version %(number)s", number=pack.number))
    show_published(pack, meeting)
    order.done(N_("The material was published before.") if pack.already else N_("The material is published."))
    return {"version_id": pack.version_id, "mails": pack.mails, "already": pack.already}


@flow(
    name=FLOW,
    flow_run_name=lambda: run_name(PublishPackForm, "udsendelse"),
    description="Udsender godkendt mødemateriale. Godkendelse her kræver den engangskode, som CRM viser den, der må godkende.",
)
def publish_pack(form: PublishPackForm = PublishPackForm()) -> Any:  # noqa: B008 - the form's defaults; it is never changed
    """Publish the material of one meeting."""
    return in_words(FLOW, form.model_dump(exclude={"approval_code"}, exclude_defaults=True), lambda order: release(order, form))

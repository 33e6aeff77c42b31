"""The flow `meeting-pack`: collect a meeting's material, write it as Word, keep it as a version ready for approval."""

from __future__ import annotations

from typing import Any, Final

from prefect import flow

from crm.boards.ports import PackRenderer
from crm.boards.services import (
    AssembledPack,
    StepReport,
    collect_pack,
    fail_build,
    keep_version,
    start_build,
    tell_assembled,
    write_word,
)
from crm.kernel.errors import DomainError
from crm.kernel.i18n import N_
from workflows.artifacts import show_pack
from workflows.forms import MeetingPackForm
from workflows.meetings import meeting_of, run_name
from workflows.runtime import ACTOR, Order, container, in_words, office, step

FLOW: Final = "meeting-pack"


@step("Data samlet")
def collect(build_id: int) -> StepReport:
    """Read the agenda and its blocks."""
    return collect_pack(container().works, build_id, office())


@step("Word skrevet")
def write(build_id: int) -> StepReport:
    """Write the Word document."""
    app = container()
    return write_word(app.works, build_id, app.get(PackRenderer), app.files)


@step("Version gemt")
def keep(build_id: int) -> AssembledPack:
    """Keep the material as the meeting's newest version."""
    return keep_version(container().works, build_id)


@step("Mail lagt i udbakken")
def tell(version_id: int) -> int:
    """Tell the one who prepares the meeting that the material can be approved."""
    return tell_assembled(container().works, version_id, office())


def build(order: Order, form: MeetingPackForm) -> dict[str, Any]:
    """Build the material of the form's meeting; the steps are told to the CRM as they end."""
    app, meeting = container(), meeting_of(order, form)
    build_id = start_build(app.works, meeting.id, actor=ACTOR, build_id=order.parameters.get("build_id"), cause_id=order.run_id)
    try:
        for do in (collect, write):
            report = do(build_id)
            order.step(report.key, report.label, report.detail)
        pack = keep(build_id)
    except Exception as error:
        fail_build(
            app.works, build_id, error.message if isinstance(error, DomainError) else N_("The material could not be collected.")
        )
        raise
    order.step(pack.steps[-1].key, pack.steps[-1].label, pack.steps[-1].detail)
    mails = tell(pack.version_id) if form.send_mails else 0
    show_pack(pack, meeting)
    order.done(N_("The material is collected: version %(number)s.", number=pack.number))
    return {"version_id": pack.version_id, "mails": mails}


@flow(
    name=FLOW,
    flow_run_name=lambda: run_name(MeetingPackForm, "mødemateriale"),
    description="Samler materialet til et møde som Word og websider, klar til godkendelse. Kan køres igen uden skade.",
)
def meeting_pack(form: MeetingPackForm = MeetingPackForm()) -> Any:  # noqa: B008 - the form's defaults; it is never changed
    """Build the material of one meeting."""
    return in_words(FLOW, form.model_dump(exclude_defaults=True), lambda order: build(order, form))

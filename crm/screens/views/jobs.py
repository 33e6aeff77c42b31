"""`/jobs`: work that goes on in the background, with its progress, its report, and the file it made."""

from __future__ import annotations

from typing import Final

from flask import Response, abort, make_response, redirect, render_template, request, send_file
from werkzeug.wrappers import Response as AnyResponse

from crm.kernel.errors import NotFound
from crm.kernel.i18n import N_
from crm.records.jobs import cancel_job
from crm.records.jobs.models import DONE, FAILED, SKIPPED
from crm.records.jobs.queries import JobStatus, Report, job_file, job_report, job_status, latest_jobs
from crm.records.work import UnitOfWork
from crm.screens.tell import tell
from crm.screens.views.blueprint import bp
from crm.web.context import current_actor, klynge, works
from crm.web.guard import needs

#: The outcomes that a report lists, the ones to look at first.
OUTCOMES: Final = (FAILED, SKIPPED, DONE)


@bp.get("/jobs")
@needs("@crm")
def list_jobs() -> str:
    """List the actor's own jobs; administrators see all."""
    with works().reading(current_actor()) as uow:
        return render_template("jobs/list.html", jobs=latest_jobs(uow))


@bp.get("/jobs/<int:job_id>")
@needs("@crm")
def show_job(job_id: int) -> str:
    """Show a job: how far it is, and when it has ended, what became of each record."""
    with works().reading(current_actor()) as uow:
        job = job_status(uow, job_id)
        return render_template("jobs/job.html", job=job, reports=_reports(uow, job), said=_step(job))


@bp.get("/jobs/<int:job_id>/status")
@needs("@crm")
def show_job_status(job_id: int) -> Response:
    """Give the moving part of the page; what is spoken aloud comes only when there is something new to say."""
    with works().reading(current_actor()) as uow:
        job = job_status(uow, job_id)
        said = _step(job)
        news = request.args.get("said", type=int) != said
        return make_response(
            render_template("jobs/_status.html", job=job, reports=_reports(uow, job), said=said, news=news, fragment=True)
        )


def _step(job: JobStatus) -> int:
    """Give how far it is in quarters: a screen reader is told five times, not each second."""
    return 5 if not job.is_open else (job.percent or 0) // 25


def _reports(uow: UnitOfWork, job: JobStatus) -> list[tuple[str, int, Report]]:
    """Give the first lines of what was left alone or failed; what was done can be opened."""
    if job.is_open:
        return []
    numbers = {FAILED: job.failed, SKIPPED: job.skipped}
    return [(outcome, number, job_report(uow, job.id, outcome)) for outcome, number in numbers.items() if number]


@bp.get("/jobs/<int:job_id>/report/<outcome>")
@needs("@crm")
def show_job_report(job_id: int, outcome: str) -> str:
    """Give further lines of a report."""
    if outcome not in OUTCOMES:
        abort(404)
    with works().reading(current_actor()) as uow:
        report = job_report(uow, job_id, outcome, after=request.args.get("after", 0, type=int))
        return render_template("jobs/_lines.html", job_id=job_id, outcome=outcome, report=report)


@bp.post("/jobs/<int:job_id>/cancel")
@needs("@crm")
def cancel(job_id: int) -> AnyResponse:
    """Stop a job; what is done stays done."""
    with works().writing(current_actor()) as uow:
        cancel_job(uow, job_id)
    tell(N_("It is stopped. What was done until now is kept, and can be undone."), level="info")
    return redirect(f"/jobs/{job_id}", 303)


@bp.get("/jobs/<int:job_id>/file")
@needs("@crm")
def download_job_file(job_id: int) -> Response:
    """Give the file that a job made, to the one who ordered it and may still read what stands in it."""
    with works().reading(current_actor()) as uow:
        facts = job_file(uow, job_id)
    path = klynge().job_files / str(job_id) / facts.stored
    if not path.is_file():
        raise NotFound(N_("The file has been cleared away. Order it again."))
    response = send_file(path, mimetype=facts.media_type, as_attachment=True, download_name=facts.name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "no-store"
    return response

"""Jobs: work on records that is too long for a request, done by the worker in batches, each in a transaction of its own.

A job's kind is a function that does one batch and says where it ended. Place, counts and what the batch wrote are committed
together, so a job whose worker died goes on where it stopped and does nothing twice.
"""

from crm.records.jobs.kinds import Batch, JobKind, job_kind, register_job
from crm.records.jobs.models import Job, JobRecord
from crm.records.jobs.orders import cancel_job, enqueue, file_report
from crm.records.jobs.runner import JobRunner

__all__ = ["Batch", "Job", "JobKind", "JobRecord", "JobRunner", "cancel_job", "enqueue", "file_report", "job_kind", "register_job"]

"""What other parts call: order a flow, tell how it goes, queue a mail."""

from crm.ops.services.flows import begin, finish, order_flow, order_of, reconcile, report_progress, set_subject, try_again
from crm.ops.services.mails import queue_mail, refuse_bad_headers

__all__ = [
    "begin",
    "finish",
    "order_flow",
    "order_of",
    "queue_mail",
    "reconcile",
    "refuse_bad_headers",
    "report_progress",
    "set_subject",
    "try_again",
]

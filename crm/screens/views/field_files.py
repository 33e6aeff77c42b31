"""Files that come with a form, sent without a script: kept until the record is saved, so that a refused form holds them still."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import request

from crm.kernel.errors import InvalidInput, RuleViolation
from crm.kernel.i18n import Message
from crm.records.fields import KINDS
from crm.records.files import keep_pending
from crm.records.types import Field, RecordType
from crm.records.work import UnitOfWork
from crm.web.context import current_actor, klynge, works

#: What the fields hold after files were sent and taken out, by input name; beside what was posted.
SENT: Final = "klynge.sent"


def take_uploads(type_of: Callable[[UnitOfWork], RecordType]) -> None:
    """Keep the files of a posted form, each in a transaction of its own; the form's values name them from now on.

    Raises:
        InvalidInput: files that are not taken, by field; the others are kept.
    """
    if not any(upload.filename for upload in request.files.values()) and not any(name.endswith(".drop") for name in request.form):
        return
    with works().reading(current_actor()) as uow:
        record_type = type_of(uow)
    sent: dict[str, str] = {}
    problems: dict[str, Message] = {}
    for item in record_type.fields:
        if item.kind == "file" and item.api_name in request.form:
            problem = _take(record_type, item, sent)
            if problem is not None:
                problems[item.api_name] = problem
    request.environ[SENT] = sent
    if problems:
        raise InvalidInput(problems)


def _take(record_type: RecordType, item: Field, sent: dict[str, str]) -> Message | None:
    name = item.api_name
    gone = set(request.form.getlist(f"{name}.drop"))
    tokens = [token for token in request.form[name].split(",") if token and token not in gone]
    problem = None
    for upload in request.files.getlist(f"{name}.sent"):
        if not upload.filename:
            continue
        try:
            with works().writing(current_actor()) as uow:
                rules, stream = klynge().file_rules, upload.stream
                row = keep_pending(uow, klynge().files, rules, record_type.key, item, upload.filename, stream)  # type: ignore[arg-type]  # it reads and seeks as a binary file
                value = KINDS["file"].clean(item, {"id": row.id, "name": row.name}, uow.zone)
                added = KINDS["file"].to_form(item, value, uow.zone)[name]
                tokens = [added] if item.config.get("max") == 1 else [*tokens, added]
        except (InvalidInput, RuleViolation) as error:
            problem = error.fields.get("file", error.message) if isinstance(error, InvalidInput) else error.message
    sent[name] = ",".join(tokens)
    return problem

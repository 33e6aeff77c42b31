"""One log pipeline for every process: a JSON object a line, in UTC, constant event names, data as fields, ids not objects."""

from __future__ import annotations

import logging
import sys

import structlog


def configure(level: str) -> None:
    """Write logs of this process to its output, from a level (`INFO`) up. Line breaks in values are escaped by JSON."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )

"""Structured logs: one JSON line per record, with the request's id and without personal data."""

import json
import logging
import re
from contextvars import ContextVar
from typing import Any

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    return _request_id.get()


def bind_request_id(value: str) -> None:
    _request_id.set(value)


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = _request_id.get()
        return True


#: PostgreSQL repeats the values of the row after a broken constraint; the name of the constraint is enough.
_DETAIL = re.compile(r"(DETAIL:|CONTEXT:).*")  # also inside a repr, as Celery logs it


def without_values(text: str) -> str:
    """The text of a database error without the data of the row."""
    return _DETAIL.sub(r"\1 …", text)


def scrub_event(event: dict[str, Any], hint: Any = None) -> dict[str, Any]:
    """The same for error reports (`before_send`)."""
    for value in (event.get("exception") or {}).get("values") or []:
        if value.get("value"):
            value["value"] = without_values(value["value"])
    return event


class JsonFormatter(logging.Formatter):
    """Message and traceback only: no request bodies, headers or users; URLs hold no personal data by design."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_values(record.getMessage()),
            "request_id": getattr(record, "request_id", ""),
        }
        if record.exc_info:
            line["exception"] = without_values(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def logging_config(level: str) -> dict[str, Any]:
    """The `LOGGING` setting: everything to the console, one JSON line per record."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": RequestIdFilter}},
        "formatters": {"line": {"()": JsonFormatter}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
        # refused requests (4xx) are no events for the log, and their paths may hold one-time tokens
        "loggers": {"django.request": {"level": "ERROR"}},
        "root": {"handlers": ["console"], "level": level},
    }

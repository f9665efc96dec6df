"""Mail from rooms below the outbox. The outbox registers itself here at start-up, so no room imports upwards."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template

#: `queue(schluessel, an, betreff, text, *, empfaenger=None, kalender="", vertraulich=False)`
Queue = Callable[..., Any]
_queues: list[Queue] = []


def register(queue: Queue) -> None:
    """Called once by the outbox from `AppConfig.ready`."""
    _queues[:] = [queue]


def queue_mail(schluessel: str, an: str, betreff: str, text: str, **optionen: Any) -> Any:
    """Hand one mail to the outbox, once per `schluessel`; it leaves after the commit."""
    return _queues[0](schluessel, an, betreff, text, **optionen)


def render_vorlage(vorlage: str, kontext: dict[str, Any] | None = None) -> tuple[str, str]:
    """Subject (first line) and body of the text template `post/<vorlage>.txt`; plain text, so nothing is escaped."""
    template: Any = get_template(f"post/{vorlage}.txt").template  # type: ignore[attr-defined]
    context = Context({"base_url": settings.BASE_URL, **(kontext or {})}, autoescape=False)
    betreff, _newline, body = template.render(context).strip().partition("\n")
    return betreff.strip(), body.strip()

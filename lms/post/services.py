"""Putting a mail into the outbox."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from lms.konten.models import Person
from lms.post.models import Nachricht


def queue_nachricht(
    schluessel: str, empfaenger: Person, vorlage: str, kontext: dict[str, Any] | None = None, *, kalender: str = ""
) -> Nachricht:
    """Write one mail into the outbox, once per `schluessel`; it is sent after the commit.

    `vorlage` names a text template `post/<vorlage>.txt`; its first line is the subject. The mail says what to do and
    links to the page, it carries no grades, reasons or attachments with personal data.
    """
    text = render_to_string(
        f"post/{vorlage}.txt", {"empfaenger": empfaenger, "base_url": settings.BASE_URL, **(kontext or {})}
    )
    betreff, _newline, body = text.strip().partition("\n")
    return queue_text(schluessel, empfaenger.email, betreff, body.strip(), empfaenger=empfaenger, kalender=kalender)


def queue_text(
    schluessel: str, an: str, betreff: str, text: str, *, empfaenger: Person | None = None, kalender: str = ""
) -> Nachricht:
    row, created = Nachricht.objects.get_or_create(
        schluessel=schluessel[:160],
        defaults={
            "empfaenger": empfaenger,
            "an": an,
            "betreff": betreff.strip()[:200],
            "text": text,
            "kalender": kalender,
        },
    )
    if created:
        from lms.post.tasks import send_nachricht_task

        transaction.on_commit(lambda: send_nachricht_task.delay(row.pk), robust=True)
    return row

"""Putting a mail into the outbox, and getting it out again."""

import logging
import re
from datetime import datetime, timedelta
from email.mime.text import MIMEText
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core.audit import record_audit
from lms.core.mail import render_vorlage
from lms.konten.models import Person
from lms.post.enums import NACHRICHT_TRANSITIONS, NachrichtStatus
from lms.post.models import Nachricht

log = logging.getLogger(__name__)
#: After so many failed attempts (about 17 hours) a mail waits for an operator.
MAX_VERSUCHE = 10
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
#: A mail that has been in the hands of a worker for longer lost its worker.
STALE_AFTER = timedelta(minutes=10)


def queue_nachricht(
    schluessel: str,
    empfaenger: Person,
    vorlage: str,
    kontext: dict[str, Any] | None = None,
    *,
    kalender: str = "",
    vertraulich: bool = False,
) -> Nachricht:
    """Write one mail into the outbox, once per `schluessel`; it is sent after the commit.

    `vorlage` names a text template `post/<vorlage>.txt`; its first line is the subject. The mail says what to do and
    links to the page, it carries no grades, reasons or attachments with personal data.
    """
    betreff, text = render_vorlage(vorlage, {"empfaenger": empfaenger, **(kontext or {})})
    return queue_text(
        schluessel,
        empfaenger.email,
        betreff,
        text,
        empfaenger=empfaenger,
        kalender=kalender,
        vertraulich=vertraulich,
    )


def queue_text(
    schluessel: str,
    an: str,
    betreff: str,
    text: str,
    *,
    empfaenger: Person | None = None,
    kalender: str = "",
    vertraulich: bool = False,
) -> Nachricht:
    """Like `queue_nachricht` with a finished text. `vertraulich`: it holds a secret link and is erased once sent."""
    row, created = Nachricht.objects.get_or_create(
        schluessel=schluessel[:160],
        defaults={
            "empfaenger": empfaenger,
            "an": an,
            "betreff": " ".join(betreff.split())[:200],
            "text": text,
            "kalender": kalender,
            "vertraulich": vertraulich,
        },
    )
    if created:
        from lms.post.tasks import send_nachricht_task

        transaction.on_commit(lambda: send_nachricht_task.delay(row.pk), robust=True)
    return row


def due_nachrichten(now: datetime | None = None) -> QuerySet[Nachricht]:
    """Mails that a worker should take: waiting and due, or taken by a worker that never came back."""
    now = now or timezone.now()
    waiting = Q(status=NachrichtStatus.WARTEND, naechster_versuch_at__lte=now)
    lost = Q(status=NachrichtStatus.IN_ARBEIT, updated_at__lt=now - STALE_AFTER)
    return Nachricht.objects.filter(waiting | lost)


def claim_nachricht(pk: int) -> Nachricht | None:
    """Take a mail if nobody has it: one conditional UPDATE, so two workers never both win.

    The attempt is counted when it begins, so a worker that dies over one mail again and again stops at the limit.
    """
    now = timezone.now()
    taken = (
        due_nachrichten(now)
        .filter(pk=pk)
        .update(status=NachrichtStatus.IN_ARBEIT, versuche=F("versuche") + 1, updated_at=now)
    )
    return Nachricht.objects.get(pk=pk) if taken else None


def send_nachricht(pk: int) -> None:
    """Claim, send, and write down what happened. At least once: see docs/adr/0005-outbox.md for the one window."""
    row = claim_nachricht(pk)
    if row is None:
        return
    if row.versuche > MAX_VERSUCHE:
        _give_back(row, "worker lost")
        return
    try:
        if not settings.DEMO_POST:
            build_email(row).send()
    except Exception as exc:  # noqa: BLE001  (whatever the mail server or the network raises, the mail stays)
        # The name of the error only: its text often repeats the address.
        log.warning("mail %s: attempt %s failed: %s", row.public_id, row.versuche, type(exc).__name__)
        _give_back(row, type(exc).__name__)
        return
    _finish(row)


def _held(row: Nachricht) -> QuerySet[Nachricht]:
    """The row as long as this attempt holds it; a later attempt has counted on."""
    return Nachricht.objects.filter(pk=row.pk, status=NachrichtStatus.IN_ARBEIT, versuche=row.versuche)


def _finish(row: Nachricht) -> None:
    now = timezone.now()
    values: dict[str, Any] = {
        "status": NachrichtStatus.GESENDET,
        "gesendet_at": now,
        "updated_at": now,
        "fehler": "",
    }
    if row.vertraulich and not settings.DEMO_POST:
        values["text"] = _("Der Text enthielt einen geheimen Link und wurde nach dem Versand gelöscht.")
    _held(row).update(**values)


def _give_back(row: Nachricht, fehler: str) -> None:
    """Wait twice as long after each failure; give up (visibly) after the last one."""
    now = timezone.now()
    last = row.versuche >= MAX_VERSUCHE
    wait = min(FIRST_WAIT * 2 ** (row.versuche - 1), LONGEST_WAIT)
    _held(row).update(
        status=NachrichtStatus.FEHLGESCHLAGEN if last else NachrichtStatus.WARTEND,
        naechster_versuch_at=now + wait,
        updated_at=now,
        fehler=fehler[:200],
    )


def build_email(row: Nachricht) -> EmailMessage:
    """The message on the wire. Its Message-ID is the same on every attempt, so mail systems can drop a repetition."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    message = EmailMessage(
        row.betreff,
        row.text,
        to=[row.an],
        headers={"Message-ID": f"<{row.public_id}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    if row.kalender:
        method = re.search(r"^METHOD:(\w+)", row.kalender, re.MULTILINE)
        part = MIMEText(row.kalender, "calendar", "utf-8")
        part.set_param("method", method[1] if method else "PUBLISH")
        part.add_header("Content-Disposition", "attachment", filename="termine.ics")
        message.attach(part)
    return message


@transaction.atomic
def retry_nachricht(nachricht: Nachricht, akteur: Person) -> Nachricht:
    """An operator lets a failed mail try again from the first attempt."""
    row = Nachricht.objects.select_for_update().get(pk=nachricht.pk)
    NACHRICHT_TRANSITIONS.check(row.status, NachrichtStatus.WARTEND, _("Die Nachricht"))
    row.status, row.versuche, row.naechster_versuch_at = NachrichtStatus.WARTEND, 0, timezone.now()
    row.save(update_fields=["status", "versuche", "naechster_versuch_at", "updated_at"])
    record_audit(akteur, "nachricht_erneut", row)
    return row

"""The doorbell and the sweep of the outbox; the row is the truth."""

from celery import shared_task

from lms.post.services import due_nachrichten, send_nachricht


@shared_task
def send_nachricht_task(pk: int) -> None:
    send_nachricht(pk)


@shared_task(expires=60)
def sweep_nachrichten() -> None:
    """Send what is due: mails whose bell was lost, failed attempts whose wait is over, mails of a dead worker."""
    for pk in due_nachrichten().order_by("naechster_versuch_at").values_list("pk", flat=True)[:100]:
        send_nachricht(pk)

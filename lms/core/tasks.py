from celery import shared_task

from lms.core.api.idempotency import delete_old_keys
from lms.core.vorgaenge import run_vorgang, waiting_vorgaenge


@shared_task
def run_vorgang_task(pk: int) -> None:
    run_vorgang(pk)


@shared_task(expires=30)
def sweep_vorgaenge() -> None:
    """Pick up jobs whose bell was lost or whose worker died."""
    for pk in waiting_vorgaenge():
        run_vorgang(pk)


@shared_task(expires=3000)
def sweep_idempotenz() -> None:
    delete_old_keys()

from celery import shared_task

from lms.konten.services import end_expired_mitgliedschaften


@shared_task(expires=3000)
def sweep_mitgliedschaften() -> None:
    end_expired_mitgliedschaften()

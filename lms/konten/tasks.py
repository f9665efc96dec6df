from celery import shared_task

from lms.konten.beschaeftigungen import withdraw_orphaned_consents
from lms.konten.services import end_expired_mitgliedschaften


@shared_task(expires=3000)
def sweep_mitgliedschaften() -> None:
    """What a date in the past has ended: rights of memberships, consents of employments."""
    end_expired_mitgliedschaften()
    withdraw_orphaned_consents()

from celery import shared_task

from kurse.einschreibung.importe import discard_stale_importlaeufe
from kurse.einschreibung.warteliste import expire_angebote, promote_everywhere


@shared_task(expires=240)
def sweep_warteliste() -> None:
    """End offers that nobody took, give free seats to waiting people, drop imports that nobody confirmed."""
    expire_angebote()
    promote_everywhere()
    discard_stale_importlaeufe()

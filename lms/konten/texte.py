"""The first wording of each consent. A new wording is a new row with the next version, never an edit of this one."""

from datetime import date

from django.db import transaction

from lms.konten.enums import Datenkategorie
from lms.konten.models import Einwilligungstext

TEXTE = {
    Datenkategorie.FORTSCHRITT: (
        "Ich willige ein, dass mein Arbeitgeber meinen Stand in der Nachqualifizierung sieht: welche Module und Kurse "
        "ich begonnen oder abgeschlossen habe, sowie geplante und besuchte Unterrichtseinheiten. Noten, eingereichte "
        "Arbeiten, Gründe von Fehlzeiten und meine privaten Kontaktdaten sieht er nicht. Die Einwilligung ist "
        "freiwillig. Ich kann sie jederzeit mit Wirkung für die Zukunft widerrufen, ohne dass mir daraus Nachteile "
        "entstehen; der Zugriff endet dann sofort."
    ),
    Datenkategorie.ZERTIFIKATE: (
        "Ich willige ein, dass mein Arbeitgeber Kopien meiner Bescheinigungen und Zertifikate aus der "
        "Nachqualifizierung abrufen kann. Sie können Noten enthalten. Die Einwilligung ist freiwillig. Ich kann sie "
        "jederzeit mit Wirkung für die Zukunft widerrufen, ohne dass mir daraus Nachteile entstehen; bereits "
        "abgerufene Kopien bleiben beim Arbeitgeber."
    ),
}


@transaction.atomic
def ensure_einwilligungstexte(gueltig_ab: date = date(2025, 1, 1)) -> int:
    """Create version 1 of each category that has no wording yet; returns how many were created."""
    created = 0
    for kategorie, text in TEXTE.items():
        if not Einwilligungstext.objects.filter(kategorie=kategorie).exists():
            Einwilligungstext.objects.create(kategorie=kategorie, version=1, text=text, gueltig_ab=gueltig_ab)
            created += 1
    return created

"""What this room stores about a person (Art. 15 and 20 GDPR): submissions, gradings and decided results."""

from typing import Any

from kurse.aufgaben.models import Abgabe, Modulergebnis
from lms.konten.models import Person


def auskunft_aufgaben(person: Person) -> dict[str, Any]:
    abgaben = (
        Abgabe.objects.filter(einschreibung__person=person)
        .select_related("aufgabe__kurs")
        .prefetch_related("bewertungen")
        .order_by("id")
    )
    ergebnisse = Modulergebnis.objects.filter(einschreibung__person=person).select_related("einschreibung__kurs")
    return {
        "abgaben": [
            {
                "kurs": row.aufgabe.kurs.nummer,
                "aufgabe": row.aufgabe.titel,
                "versuch": row.versuch,
                "text": row.text,
                "dateiname": row.dateiname,
                "sha256": row.sha256,
                "abgegeben_at": row.abgegeben_at,
                "bewertungen": [
                    {"ergebnis": b.ergebnis, "note": b.note, "kommentar": b.kommentar, "at": b.created_at}
                    for b in row.bewertungen.all()
                ],
            }
            for row in abgaben
        ],
        "ergebnisse": [
            {
                "kurs": row.einschreibung.kurs.nummer,
                "status": row.status,
                "note": row.note,
                "ue_geplant": row.ue_geplant,
                "ue_besucht": row.ue_besucht,
                "bestaetigt_at": row.bestaetigt_at,
            }
            for row in ergebnisse
        ],
    }

"""What this room stores about a person (Art. 15 and 20 GDPR)."""

from typing import Any

from kurse.einschreibung.models import Einschreibung
from lms.konten.models import Person


def auskunft_einschreibung(person: Person) -> list[dict[str, Any]]:
    rows = Einschreibung.objects.filter(person=person).select_related("kurs", "arbeitgeber").order_by("id")
    return [
        {
            "id": row.public_id,
            "kurs": row.kurs.nummer,
            "titel": row.kurs.titel,
            "status": row.status,
            "arbeitgeber": row.arbeitgeber.name if row.arbeitgeber else None,
            "genehmigung": row.genehmigung,
            "beantragt_at": row.beantragt_at,
            "zugelassen_at": row.zugelassen_at,
            "beendet_at": row.beendet_at,
            "grund": row.grund,
        }
        for row in rows
    ]

"""What this room stores about a person (Art. 15 and 20 GDPR): every entry of the ledger, also replaced ones."""

from typing import Any

from kurse.anwesenheit.models import Anwesenheitsvermerk
from lms.konten.models import Person


def auskunft_anwesenheit(person: Person) -> list[dict[str, Any]]:
    rows = (
        Anwesenheitsvermerk.objects.filter(einschreibung__person=person)
        .select_related("termin__kurs")
        .order_by("termin__beginn", "id")
    )
    return [
        {
            "kurs": row.termin.kurs.nummer,
            "termin": row.termin.beginn,
            "status": row.status,
            "minuten": row.minuten,
            "modus": row.modus,
            "herkunft": row.herkunft,
            "notiz": row.notiz,
            "grund": row.grund,
            "erfasst_at": row.created_at,
            "ersetzt": row.ersetzt_id is not None,
        }
        for row in rows
    ]

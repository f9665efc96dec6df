"""Attendance rules and grade scales as dated data with sources; loading them twice changes nothing."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from module.enums import EntschuldigtZaehlt, Geltungsbereich
from module.models import Anwesenheitsregel, Notenskala, Notenstufe

DATEI = Path(__file__).parent / "daten" / "regeln.json"


def read_regeln() -> dict[str, list[dict[str, Any]]]:
    return json.loads(DATEI.read_text(encoding="utf-8"))


@transaction.atomic
def load_regeln() -> int:
    """Create the rules and scales that are missing; the number of new rows. A rule in force is never edited: a
    changed rule gets a new `gueltig_ab` in the data."""
    data, created_rows = read_regeln(), 0
    for item in data["anwesenheitsregeln"]:
        created_rows += _load_regel(item)
    for item in data["notenskalen"]:
        created_rows += _load_skala(item)
    return created_rows


def _load_regel(item: dict[str, Any]) -> bool:
    _row, created = Anwesenheitsregel.objects.get_or_create(
        bezeichnung=item["bezeichnung"],
        gueltig_ab=date.fromisoformat(item["gueltig_ab"]),
        defaults={
            "schwelle_prozent": Decimal(item["schwelle_prozent"]),
            "geltungsbereich": Geltungsbereich(item["geltungsbereich"]),
            "entschuldigt_zaehlt": EntschuldigtZaehlt(item.get("entschuldigt_zaehlt", "nicht")),
            "entschuldigt_obergrenze_prozent": Decimal(item.get("entschuldigt_obergrenze_prozent", 0)),
            "ausgleich_zulaessig": item.get("ausgleich_zulaessig", False),
            "ausgleich_form": item.get("ausgleich_form", ""),
            "quelle": item["quelle"],
            "quelle_url": item["quelle_url"],
        },
    )
    return created


def _load_skala(item: dict[str, Any]) -> bool:
    skala, created = Notenskala.objects.get_or_create(
        bezeichnung=item["bezeichnung"],
        gueltig_ab=date.fromisoformat(item["gueltig_ab"]),
        defaults={"art": item["art"], "quelle": item["quelle"]},
    )
    if created:
        for wert, bezeichnung, bestanden in item["stufen"]:
            Notenstufe.objects.create(skala=skala, wert=Decimal(wert), bezeichnung=bezeichnung, bestanden=bestanden)
    return created


def regel_je_programm() -> dict[str, Anwesenheitsregel]:
    """Import key of a programme → the attendance rule that its source states."""
    found = {}
    for item in read_regeln()["anwesenheitsregeln"]:
        for schluessel in item.get("programme", ()):
            found[schluessel] = Anwesenheitsregel.objects.get(
                bezeichnung=item["bezeichnung"], gueltig_ab=date.fromisoformat(item["gueltig_ab"])
            )
    return found

"""manage.py import_teilnehmende FILE.csv|.xlsx --kurs NUMMER|ID [--dry-run]"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from kurse.einschreibung.importe import read_zeilen, write_zeilen
from kurse.planung.enums import KursStatus
from kurse.planung.models import Kurs
from lms.core.errors import DomainError


class Command(BaseCommand):
    help = "Import a list of participants into a course: reports every row, writes the valid ones in one transaction."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "datei", type=Path, help="CSV or XLSX with Vorname, Nachname, E-Mail, Geburtsdatum, Arbeitgeber"
        )
        parser.add_argument("--kurs", required=True, help="number or public id of the course")
        parser.add_argument("--dry-run", action="store_true", help="report only, write nothing")
        parser.add_argument(
            "--genehmigung-liegt-vor",
            action="store_true",
            help="the employers have approved on paper; otherwise they are asked",
        )
        parser.add_argument(
            "--neu-anlegen",
            default="",
            metavar="1,2,…",
            help="line numbers that are new people in spite of the same name and date of birth",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        kurs = _find_kurs(options["kurs"])
        wanted = _numbers(options["neu_anlegen"])
        try:
            zeilen = read_zeilen(kurs, options["datei"].read_bytes())
            for zeile in zeilen:
                text = " ".join([*zeile.fehler, *zeile.hinweise])
                self.stdout.write(f"{zeile.nr:>5}  {zeile.befund:<21} {zeile.email}  {text}".rstrip())
            if options["dry_run"]:
                self.stdout.write("Nichts geschrieben (--dry-run).")
                return
            counts = write_zeilen(
                kurs, zeilen, None, neu_anlegen=wanted, genehmigung_liegt_vor=options["genehmigung_liegt_vor"]
            )
        except OSError as exc:
            raise CommandError(f"Die Datei ist nicht lesbar: {exc.strerror}") from exc
        except DomainError as exc:
            raise CommandError(f"{exc.message} ({exc.code})") from exc
        self.stdout.write(
            f"{counts['neu']} neu, {counts['vorhanden']} vorhanden, "
            f"{counts['schon_eingeschrieben']} schon eingeschrieben, {counts['ausgelassen']} ausgelassen"
        )


def _find_kurs(wanted: str) -> Kurs:
    found = list(Kurs.objects.filter(Q(public_id=wanted) | Q(nummer=wanted)).select_related("veranstalter")[:5])
    if not found:
        raise CommandError(f"Kein Kurs mit Nummer oder Id „{wanted}“.")
    if len(found) > 1:
        several = ", ".join(f"{kurs.public_id} ({kurs.veranstalter.kurzname})" for kurs in found)
        raise CommandError(f"Mehrere Kurse haben diese Nummer. Bitte geben Sie die Id an: {several}")
    if found[0].status != KursStatus.VEROEFFENTLICHT:
        raise CommandError("Für diesen Kurs ist keine Einschreibung möglich: Er ist nicht veröffentlicht.")
    return found[0]


def _numbers(text: str) -> set[int]:
    try:
        return {int(part) for part in text.split(",") if part.strip()}
    except ValueError as exc:
        raise CommandError("--neu-anlegen erwartet Zeilennummern, zum Beispiel 4,17") from exc

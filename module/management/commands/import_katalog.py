"""`manage.py import_katalog FILE`: real curricula with their sources into a catalogue."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lms.konten.models import Organisation
from module.import_katalog import Bericht, import_datei, status_counts
from module.models import Modulkatalog
from module.quelle import QuelleUnlesbar
from module.services import create_katalog

_WORTE = {"neu": "neu", "geaendert": "geändert", "unveraendert": "unverändert", "abgelehnt": "ABGELEHNT"}


class Command(BaseCommand):
    help = "Liest Curricula (JSON) in einen Modulkatalog: alles oder nichts; ein zweiter Lauf ändert nichts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("datei", help="JSON-Datei mit der Liste „programmes“")
        parser.add_argument("--katalog", help="Titel oder Kennung des Katalogs; entbehrlich, wenn es nur einen gibt")
        parser.add_argument(
            "--federfuehrend", help="Name der Organisation, für die ein fehlender Katalog angelegt wird"
        )
        parser.add_argument("--dry-run", action="store_true", help="nur zeigen, was geschehen würde")

    def handle(self, *args: Any, **options: Any) -> None:
        katalog = self._katalog(options["katalog"], options["federfuehrend"])
        try:
            bericht = import_datei(options["datei"], katalog, dry_run=options["dry_run"])
        except QuelleUnlesbar as exc:
            raise CommandError(str(exc)) from exc
        self._print(bericht, verbosity=options["verbosity"])
        if bericht.abgelehnt:
            raise CommandError("Es wurde nichts geändert. Bitte berichtigen Sie die abgelehnten Zeilen.")
        if options["dry_run"]:
            self.stdout.write("Probelauf: Es wurde nichts geändert.")

    def _katalog(self, wanted: str | None, federfuehrend: str | None) -> Modulkatalog:
        rows = Modulkatalog.objects.all()
        if wanted:
            found = rows.filter(titel=wanted).first() or rows.filter(public_id=wanted).first()
            if found is None and federfuehrend:
                return create_katalog(titel=wanted, federfuehrend=self._organisation(federfuehrend))
            if found is None:
                raise CommandError(f"Den Katalog „{wanted}“ gibt es nicht. Mit --federfuehrend wird er angelegt.")
            return found
        if rows.count() != 1:
            raise CommandError("Bitte nennen Sie den Katalog mit --katalog.")
        return rows.get()

    def _organisation(self, name: str) -> Organisation:
        found = Organisation.objects.filter(name=name).first()
        if found is None:
            raise CommandError(f"Die Organisation „{name}“ gibt es nicht.")
        return found

    def _print(self, bericht: Bericht, *, verbosity: int) -> None:
        for row in bericht.zeilen:
            self.stdout.write(f"{row.nummer:>3}  {_WORTE[row.status]:<12} {row.schluessel}  {row.titel}")
            if row.status == "abgelehnt" or verbosity > 1 or row.status == "geaendert":
                for text in row.texte:
                    self.stdout.write(f"       – {text}")
        counts = status_counts(bericht)
        self.stdout.write(", ".join(f"{anzahl} {_WORTE[status]}" for status, anzahl in counts.items()))

"""A finished course: sessions held, lists closed, results confirmed, an examination office."""

import datetime as dt
import itertools
from decimal import Decimal

from django.utils import timezone

from kurse.anwesenheit.models import Anwesenheitsstand, Anwesenheitsvermerk
from kurse.aufgaben.models import Modulergebnis
from lms.konten.enums import Rolle
from tests.factories import EinschreibungFactory, KursFactory, TerminFactory, member

_keys = itertools.count()


def attended(termin, einschreibung, minuten=180):
    vermerk = Anwesenheitsvermerk.objects.create(
        termin=termin,
        einschreibung=einschreibung,
        status="anwesend",
        minuten=minuten,
        client_key=f"test-{next(_keys)}",
    )
    Anwesenheitsstand.objects.create(
        termin=termin, einschreibung=einschreibung, vermerk=vermerk, status="anwesend", minuten=minuten
    )


def passed(einschreibung, **fields):
    return Modulergebnis.objects.create(
        **{
            "einschreibung": einschreibung,
            "status": "bestanden",
            "ue_geplant": Decimal("8"),
            "ue_besucht": Decimal("4"),
            "note": Decimal("1.7"),
            "anforderungen_erfuellt_am": timezone.localdate() - dt.timedelta(days=3),
            **fields,
        }
    )


class Welt:
    def __init__(self, personen=1, **kurs):
        self.kurs = KursFactory(**kurs)
        self.amt = member(self.kurs.veranstalter, Rolle.PRUEFUNGSAMT)
        begin = timezone.now() - dt.timedelta(days=10)
        self.termin = TerminFactory(kurs=self.kurs, beginn=begin, liste_geschlossen_at=timezone.now())
        self.einschreibungen = [EinschreibungFactory(kurs=self.kurs) for _ in range(personen)]
        for row in self.einschreibungen:
            attended(self.termin, row)
            passed(row)

    @property
    def einschreibung(self):
        return self.einschreibungen[0]

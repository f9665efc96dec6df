"""One's own progress: everything the person may know about it."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import timezone

from kurse.aufgaben.selectors import Stand
from kurse.einschreibung.models import Einschreibung
from kurse.fortschritt.enums import Modulstand
from kurse.fortschritt.nachweise import Nachweis, nachweise_of
from kurse.fortschritt.programmweg import Programmweg, programmwege_of
from kurse.fortschritt.spielraum import Spielraum
from kurse.fortschritt.staende import Kursstand, kursstaende_of, with_version
from kurse.planung.enums import TerminStatus
from kurse.planung.models import Termin
from lms.konten.models import Person

#: Sessions shown as "next".
NAECHSTE_TERMINE = 5


@dataclass(slots=True)
class Fortschritt:
    """All enrolments of a person, the paths through the programmes that contain them, and the certificates."""

    person: Person
    staende: list[Kursstand] = field(default_factory=list)
    programme: list[Programmweg] = field(default_factory=list)
    nachweise: list[Nachweis] = field(default_factory=list)

    def _with(self, *staende: Modulstand) -> list[Kursstand]:
        return [row for row in self.staende if row.stand in staende]

    @property
    def laufend(self) -> list[Kursstand]:
        return self._with(Modulstand.LAUFEND)

    @property
    def angemeldet(self) -> list[Kursstand]:
        return self._with(Modulstand.ANGEMELDET, Modulstand.WARTELISTE)

    @property
    def abgeschlossen(self) -> list[Kursstand]:
        return self._with(Modulstand.ABGESCHLOSSEN)

    @property
    def nicht_bestanden(self) -> list[Kursstand]:
        return self._with(Modulstand.NICHT_BESTANDEN)

    @property
    def beendet(self) -> list[Kursstand]:
        return self._with(Modulstand.BEENDET)

    @property
    def teilgenommen(self) -> list[Kursstand]:
        """Enrolments whose times count: running and decided."""
        return [row for row in self.staende if row.nimmt_teil]

    @property
    def ue_besucht(self) -> Decimal:
        return sum((row.ue_besucht for row in self.teilgenommen), Decimal(0))

    @property
    def ue_geplant(self) -> Decimal:
        return sum((row.ue_geplant for row in self.teilgenommen), Decimal(0))

    @property
    def module_mit_ects(self) -> list[Kursstand]:
        """One row per completed module whose credits are known; a module taken twice counts once."""
        found: dict[int, Kursstand] = {}
        for row in self.abgeschlossen:
            if row.version is not None and row.version.ects is not None:
                found.setdefault(row.version.modul_id, row)
        return list(found.values())

    @property
    def ects(self) -> Decimal:
        return sum((row.version.ects or Decimal(0) for row in self.module_mit_ects if row.version), Decimal(0))

    @property
    def offene_aufgaben(self) -> list[Stand]:
        return sorted((s for row in self.staende for s in row.offene_aufgaben), key=lambda s: s.frist)

    @property
    def warnungen(self) -> list[tuple[Kursstand, Spielraum]]:
        """Running courses in which the attendance threshold is in danger."""
        found = [(row, row.spielraum) for row in self.laufend]
        return [(row, spielraum) for row, spielraum in found if spielraum is not None and spielraum.knapp]


def fortschritt_of(person: Person) -> Fortschritt:
    """At most eleven queries whatever the number of enrolments. For the person itself: holds results and tasks."""
    rows = with_version(Einschreibung.objects.filter(person=person)).order_by("-beantragt_at", "-id")
    nachweise = nachweise_of([person.pk])
    staende = kursstaende_of(rows, nachweise)
    return Fortschritt(person, staende, programmwege_of(staende), nachweise.get(person.pk, []))


def naechste_termine(person: Person, limit: int = NAECHSTE_TERMINE) -> list[Termin]:
    """The next sessions of the courses in which the person has a place, with place and course."""
    kurse = Einschreibung.objects.filter(person=person, status="zugelassen").values("kurs")
    return list(
        Termin.objects.filter(kurs__in=kurse, status=TerminStatus.GEPLANT, ende__gt=timezone.now())
        .select_related("kurs", "ort")
        .order_by("beginn", "id")[:limit]
    )

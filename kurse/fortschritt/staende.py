"""Where people stand with their courses: times, assignments, result and certificates, for any number of rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from kurse.anwesenheit.zeiten import Zeiten, anteil, schwelle_erreicht, zeiten_of
from kurse.aufgaben.models import Aufgabe, Modulergebnis
from kurse.aufgaben.selectors import Stand
from kurse.aufgaben.selectors import staende_of as aufgabenstaende_of
from kurse.einschreibung.enums import NIMMT_TEIL, EinschreibungStatus
from kurse.einschreibung.models import Einschreibung
from kurse.fortschritt.enums import MODULSTAND_JE_STATUS, Modulstand
from kurse.fortschritt.nachweise import Nachweis
from kurse.fortschritt.spielraum import Spielraum, spielraum_of
from module.enums import UeRundung
from module.models import Anwesenheitsregel, Modulversion
from module.ue import ue_from_minuten


@dataclass(slots=True)
class Kursstand:
    """One enrolment with everything its person and the staff of the course may see."""

    einschreibung: Einschreibung
    zeiten: Zeiten
    aufgaben: list[Stand] = field(default_factory=list)
    ergebnis: Modulergebnis | None = None
    nachweise: list[Nachweis] = field(default_factory=list)

    @property
    def kurs(self):  # type: ignore[no-untyped-def]
        return self.einschreibung.kurs

    @property
    def version(self) -> Modulversion | None:
        return self.kurs.modulversion

    @property
    def regel(self) -> Anwesenheitsregel | None:
        return self.version.anwesenheitsregel if self.version else None

    @property
    def modul_id(self) -> int | None:
        return self.version.modul_id if self.version else None

    @property
    def stand(self) -> Modulstand:
        stand = MODULSTAND_JE_STATUS[EinschreibungStatus(self.einschreibung.status)]
        beginn = self.einschreibung.kurs.beginn
        if stand == Modulstand.LAUFEND and beginn and beginn > timezone.now():
            return Modulstand.ANGEMELDET
        return stand

    @property
    def nimmt_teil(self) -> bool:
        return self.einschreibung.status in NIMMT_TEIL

    @property
    def titel(self) -> str:
        return self.version.titel if self.version else self.kurs.titel

    def _ue(self, minuten: int) -> Decimal:
        return ue_from_minuten(minuten, self.regel.ue_rundung if self.regel else UeRundung.EXAKT)

    @property
    def ue_geplant(self) -> Decimal:
        return self._ue(self.zeiten.minuten_geplant)

    @property
    def ue_gehalten(self) -> Decimal:
        return self._ue(self.zeiten.minuten_gehalten)

    @property
    def ue_besucht(self) -> Decimal:
        return self._ue(self.zeiten.minuten_besucht)

    @property
    def ue_entschuldigt(self) -> Decimal:
        return self._ue(self.zeiten.minuten_entschuldigt)

    @property
    def anteil(self) -> Decimal:
        return anteil(self.zeiten, self.regel)

    @property
    def schwelle(self) -> Decimal | None:
        return self.regel.schwelle_prozent if self.regel else None

    @property
    def schwelle_erreicht(self) -> bool:
        return schwelle_erreicht(self.zeiten, self.regel)

    @property
    def spielraum(self) -> Spielraum | None:
        """The margin while the course runs; a decided course has none."""
        if self.stand is not Modulstand.LAUFEND or self.ergebnis is not None:
            return None
        return spielraum_of(self.zeiten, self.regel)

    @property
    def offene_aufgaben(self) -> list[Stand]:
        return [stand for stand in self.aufgaben if stand.zu_tun] if self.stand is Modulstand.LAUFEND else []

    @property
    def pflicht_bestanden(self) -> int:
        return sum(1 for stand in self.aufgaben if stand.aufgabe.pflicht and stand.stand == "bestanden")

    @property
    def pflicht_gesamt(self) -> int:
        return sum(1 for stand in self.aufgaben if stand.aufgabe.pflicht)


def with_version(rows: QuerySet[Einschreibung]) -> QuerySet[Einschreibung]:
    """Course, module version, rule and result in the same query."""
    return rows.select_related(
        "kurs__veranstalter",
        "kurs__modulversion__modul",
        "kurs__modulversion__anwesenheitsregel",
        "modulergebnis",
    )


def kursstaende_of(
    einschreibungen: Iterable[Einschreibung], nachweise: dict[int, list[Nachweis]] | None = None
) -> list[Kursstand]:
    """At most six queries for any number of enrolments (two for times, four for assignments)."""
    rows = list(einschreibungen)
    zeiten = zeiten_of(rows)
    teil = [row for row in rows if row.status in NIMMT_TEIL]
    aufgaben_je_kurs: dict[int, list[Aufgabe]] = {}
    for aufgabe in Aufgabe.objects.filter(kurs__in={row.kurs_id for row in teil}) if teil else ():
        aufgaben_je_kurs.setdefault(aufgabe.kurs_id, []).append(aufgabe)
    alle = [aufgabe for aufgaben in aufgaben_je_kurs.values() for aufgabe in aufgaben]
    staende = aufgabenstaende_of(alle, teil)
    return [
        Kursstand(
            row,
            zeiten[row.pk],
            [staende[(a.pk, row.pk)] for a in aufgaben_je_kurs.get(row.kurs_id, ())]
            if row.status in NIMMT_TEIL
            else [],
            getattr(row, "modulergebnis", None),
            _matching(row, (nachweise or {}).get(row.person_id, [])),
        )
        for row in rows
    ]


def _matching(row: Einschreibung, nachweise: list[Nachweis]) -> list[Nachweis]:
    """Certificates about the module of this enrolment, on the enrolments that were completed or still run."""
    version = row.kurs.modulversion
    if version is None or row.status not in NIMMT_TEIL:
        return []
    return [nachweis for nachweis in nachweise if nachweis.modul_id == version.modul_id]

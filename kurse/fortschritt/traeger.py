"""What an employer sees of its people: a whitelist of plain values, built in one place for page, export and API.

The rows hold no model objects, so a template or a serializer can't reach a grade, a reason or an address by accident.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from kurse.anwesenheit.zeiten import Zeiten, zeiten_of
from kurse.einschreibung.enums import EinschreibungStatus
from kurse.einschreibung.models import Einschreibung
from kurse.fortschritt.enums import BEGONNEN, UNENTSCHIEDEN, Traegerstand
from kurse.fortschritt.nachweise import Nachweis, nachweise_of
from lms.konten.enums import Datenkategorie, Qualifikationsstatus
from lms.konten.models import Beschaeftigung, Einwilligung, Person
from lms.konten.selectors import active_on, beschaeftigungen_for
from module.enums import UeRundung, VersionStatus
from module.models import Baustein, Programm
from module.selectors import text_filter
from module.ue import ue_from_minuten


@dataclass(frozen=True, slots=True)
class Modulzeile:
    """One course of one person: module, state, planned and attended UE. Nothing else is ever added here."""

    modul_id: int | None
    code: str
    titel: str
    kurs: str
    kurs_id: str
    nummer: str
    beginn: datetime | None
    ende: datetime | None
    stand: Traegerstand
    ue_geplant: Decimal
    ue_besucht: Decimal

    @property
    def abgeschlossen(self) -> bool:
        return self.stand is Traegerstand.ABGESCHLOSSEN


@dataclass(frozen=True, slots=True)
class Teamzeile:
    """One employee at one employer. Without consent everything but name and employer is empty."""

    person_id: str
    name: str
    vorname: str
    nachname: str
    arbeitgeber: str
    arbeitgeber_id: str
    eingewilligt: bool
    zertifikate_eingewilligt: bool
    qualifikationsstatus: str = ""
    module: tuple[Modulzeile, ...] = ()
    nachweise: tuple[Nachweis, ...] = ()

    def _count(self, stand: Traegerstand) -> int:
        return sum(1 for zeile in self.module if zeile.stand is stand)

    @property
    def abgeschlossen(self) -> int:
        return self._count(Traegerstand.ABGESCHLOSSEN)

    @property
    def begonnen(self) -> int:
        return self._count(Traegerstand.BEGONNEN)

    @property
    def angemeldet(self) -> int:
        return self._count(Traegerstand.ANGEMELDET)

    @property
    def _teilgenommen(self) -> list[Modulzeile]:
        return [zeile for zeile in self.module if zeile.stand is not Traegerstand.ANGEMELDET]

    @property
    def ue_geplant(self) -> Decimal:
        return sum((zeile.ue_geplant for zeile in self._teilgenommen), Decimal(0))

    @property
    def ue_besucht(self) -> Decimal:
        return sum((zeile.ue_besucht for zeile in self._teilgenommen), Decimal(0))

    @property
    def prozent(self) -> int:
        """Attended share of the planned UE, cut off; for the bar."""
        return min(100, int(self.ue_besucht * 100 / self.ue_geplant)) if self.ue_geplant else 0


def team_for(akteur: Person) -> QuerySet[Beschaeftigung]:
    """Present employees of the employers whose progress `akteur` may see, each once per employer, by name."""
    # an open employment is unique by constraint, so only those with an end are compared with others (fast for many)
    other = Beschaeftigung.objects.filter(
        Q(bis=None) | Q(pk__gt=OuterRef("pk")),
        active_on(),
        person=OuterRef("person"),
        arbeitgeber=OuterRef("arbeitgeber"),
    ).exclude(pk=OuterRef("pk"))
    return beschaeftigungen_for(akteur).filter(Q(bis=None) | ~Exists(other))


def _consents(kategorie: str) -> QuerySet[Einwilligung]:
    return Einwilligung.objects.filter(
        person=OuterRef("person"), arbeitgeber=OuterRef("arbeitgeber"), kategorie=kategorie, widerrufen_at=None
    )


def with_consents(rows: QuerySet[Beschaeftigung]) -> QuerySet[Beschaeftigung]:
    return rows.annotate(
        eingewilligt=Exists(_consents(Datenkategorie.FORTSCHRITT)),
        zertifikate_eingewilligt=Exists(_consents(Datenkategorie.ZERTIFIKATE)),
    )


def begun_einschreibungen() -> Q:
    """Completed, or admitted to a course that has begun: what the wording of the consent names."""
    begun = Q(status__in=BEGONNEN, kurs__beginn__lte=timezone.now())
    return begun | Q(status=EinschreibungStatus.ABGESCHLOSSEN)


def visible_einschreibungen() -> Q:
    """Courses an employer learns of: begun or completed ones, and those ahead that name this very employer."""
    return begun_einschreibungen() | Q(status__in=[*UNENTSCHIEDEN, *BEGONNEN], arbeitgeber=OuterRef("arbeitgeber"))


# --- filters: never match people without consent by what is hidden ----------------------------------------------------


def _own(**conditions: Any) -> QuerySet[Einschreibung]:
    return Einschreibung.objects.filter(person=OuterRef("person"), **conditions)


def _pflichtmodule(programm: str) -> QuerySet[Baustein]:
    return Baustein.objects.filter(
        programmversion__programm__public_id=programm,
        programmversion__status=VersionStatus.VEROEFFENTLICHT,
        modul__isnull=False,
    )


def filter_team(rows: QuerySet[Beschaeftigung], filters: dict[str, Any]) -> QuerySet[Beschaeftigung]:
    """Search by name, employer, programme and state. States are only looked up where a consent holds."""
    if filters.get("q"):
        rows = rows.filter(text_filter(filters["q"], "person__vorname", "person__nachname"))
    if filters.get("arbeitgeber"):
        rows = rows.filter(arbeitgeber__public_id=filters["arbeitgeber"])
    programm, stand = filters.get("programm") or "", filters.get("stand") or ""
    if not (programm or stand):
        return rows
    consent = Exists(_consents(Datenkategorie.FORTSCHRITT))
    if stand == "ohne_einwilligung":
        return rows.filter(~consent)
    return _filter_stand(rows.filter(consent), programm, stand)


def _filter_stand(rows: QuerySet[Beschaeftigung], programm: str, stand: str) -> QuerySet[Beschaeftigung]:
    known = _own().filter(visible_einschreibungen())
    module = _pflichtmodule(programm)
    if programm:
        known = known.filter(kurs__modulversion__modul__in=module.values("modul"))
    now = timezone.now()
    if stand == "abgeschlossen":
        return rows.filter(Exists(known.filter(status=EinschreibungStatus.ABGESCHLOSSEN)))
    if stand == "begonnen":
        return rows.filter(Exists(known.filter(status__in=BEGONNEN, kurs__beginn__lte=now)))
    if stand == "angemeldet":
        ahead = Q(kurs__beginn=None) | Q(kurs__beginn__gt=now)
        return rows.filter(
            Exists(known.filter(Q(status__in=UNENTSCHIEDEN) | Q(status__in=BEGONNEN) & ahead)),
        )
    if stand == "fehlt":
        return _missing(rows, known, module, bool(programm))
    return rows.filter(Exists(known))


def _missing(rows: QuerySet, known: QuerySet, module: QuerySet, with_programm: bool) -> QuerySet:
    """With a programme: a mandatory module is neither begun nor completed. Without: no course at all."""
    if not with_programm:
        return rows.filter(~Exists(known))
    taken = Einschreibung.objects.filter(
        begun_einschreibungen(), person=OuterRef(OuterRef("person")), kurs__modulversion__modul=OuterRef("modul")
    )
    return rows.filter(Exists(module.exclude(art="wahlpflicht").filter(~Exists(taken))))


def programme_to_filter() -> QuerySet[Programm]:
    """Published programmes that have modules."""
    return Programm.objects.filter(
        Exists(
            Baustein.objects.filter(
                programmversion__programm=OuterRef("pk"),
                programmversion__status=VersionStatus.VEROEFFENTLICHT,
                modul__isnull=False,
            )
        )
    ).order_by("titel", "id")


def traeger_fortschritt(akteur: Person, filters: dict[str, Any] | None = None) -> QuerySet[Beschaeftigung]:
    """The team as a query set, to be cut into pages; `ansicht_of` turns a page into what may be shown."""
    return with_consents(filter_team(team_for(akteur), filters or {}))


def own_beschaeftigung(person: Person, arbeitgeber_id: str) -> Beschaeftigung | None:
    """The person's present employment at one employer, annotated like the employer's own list."""
    rows = Beschaeftigung.objects.filter(active_on(), person=person, arbeitgeber__public_id=arbeitgeber_id)
    return with_consents(rows).select_related("person", "arbeitgeber").order_by("-id").first()


# --- rows ------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Schluessel:
    """What `zeiten_of` needs to know of an enrolment."""

    pk: int
    kurs_id: int


_SPALTEN = (
    "pk",
    "kurs_id",
    "person_id",
    "status",
    "arbeitgeber_id",
    "kurs__public_id",
    "kurs__titel",
    "kurs__nummer",
    "kurs__beginn",
    "kurs__ende",
    "modul_id",
    "modul_code",
    "modul_titel",
    "rundung",
)


def ansicht_of(beschaeftigungen: Iterable[Beschaeftigung]) -> list[Teamzeile]:
    """What employers see of these employments: three queries and those of the certificates, for any number of rows.

    The rows must carry `eingewilligt` and `zertifikate_eingewilligt` (`with_consents`), person and employer.
    """
    rows = list(beschaeftigungen)
    module = _module_of({row.person_id for row in rows if row.eingewilligt})  # type: ignore[attr-defined]
    nachweise = nachweise_of([row.person_id for row in rows if row.zertifikate_eingewilligt])  # type: ignore[attr-defined]
    return [_zeile(row, module, nachweise) for row in rows]


def _zeile(row: Any, module: dict[int, list], nachweise: dict[int, list[Nachweis]]) -> Teamzeile:
    person, org = row.person, row.arbeitgeber
    shown, copies = row.eingewilligt, row.zertifikate_eingewilligt
    return Teamzeile(
        person.public_id,
        f"{person.vorname} {person.nachname}",
        person.vorname,
        person.nachname,
        org.name,
        org.public_id,
        shown,
        copies,
        str(Qualifikationsstatus(row.qualifikationsstatus).label) if shown else "",
        tuple(
            zeile
            for zeile, angefragt in (module.get(row.person_id, ()) if shown else ())
            if angefragt is None or angefragt == row.arbeitgeber_id
        ),
        tuple(nachweise.get(row.person_id, ())) if copies else (),
    )


def _module_of(person_ids: set[int]) -> dict[int, list[tuple[Modulzeile, int | None]]]:
    """Per person the courses, each with the employer that alone may see it (None: every employer with consent)."""
    if not person_ids:
        return {}
    rows = list(
        Einschreibung.objects.filter(
            person_id__in=person_ids, status__in=[*BEGONNEN, *UNENTSCHIEDEN, EinschreibungStatus.ABGESCHLOSSEN]
        )
        .annotate(
            modul_id=F("kurs__modulversion__modul_id"),
            modul_code=F("kurs__modulversion__modul__code"),
            modul_titel=F("kurs__modulversion__titel"),
            rundung=F("kurs__modulversion__anwesenheitsregel__ue_rundung"),
        )
        .order_by("kurs__beginn", "pk")
        .values_list(*_SPALTEN)
    )
    zeiten = zeiten_of([_Schluessel(row[0], row[1]) for row in rows])  # type: ignore[misc]
    now = timezone.now()
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row[2], []).append(_modulzeile(row, zeiten[row[0]], now))
    return found


def _modulzeile(row: tuple, zeiten: Zeiten, now: datetime) -> tuple[Modulzeile, int | None]:
    (_pk, _kurs, _person, status, arbeitgeber, kurs_id, kurs, nummer, beginn, ende, modul, code, titel, rundung) = row
    stand = _stand(status, beginn, now)
    rule = rundung or UeRundung.EXAKT
    zeile = Modulzeile(
        modul,
        code or "",
        titel or kurs,
        kurs,
        kurs_id,
        nummer,
        beginn,
        ende,
        stand,
        ue_from_minuten(zeiten.minuten_geplant, rule),
        ue_from_minuten(zeiten.minuten_besucht, rule),
    )
    return zeile, (arbeitgeber or 0) if stand is Traegerstand.ANGEMELDET else None


def _stand(status: str, beginn: datetime | None, now: datetime) -> Traegerstand:
    if status == EinschreibungStatus.ABGESCHLOSSEN:
        return Traegerstand.ABGESCHLOSSEN
    if status in UNENTSCHIEDEN or beginn is None or beginn > now:
        return Traegerstand.ANGEMELDET
    return Traegerstand.BEGONNEN

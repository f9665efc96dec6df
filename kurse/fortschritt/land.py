"""Numbers for the Landesfachstelle: by Kreis, programme and employer, without a name and without small numbers.

There is deliberately no filter that changes the people counted: tables that overlap could be subtracted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, Least
from django.utils import timezone
from django.utils.translation import gettext as _

from kurse.anwesenheit.models import Anwesenheitsstand
from kurse.einschreibung.enums import NIMMT_TEIL, EinschreibungStatus
from kurse.einschreibung.models import Einschreibung
from kurse.fortschritt.nachweise import bescheinigte_einschreibungen
from kurse.fortschritt.unterdrueckung import hide_together
from kurse.planung.enums import KursStatus, TerminStatus
from kurse.planung.models import Kurs
from lms.konten.enums import Kreis
from lms.konten.models import Organisation, Person
from lms.konten.rechte import has_landesweit
from module.enums import VersionStatus
from module.models import Programm
from module.ue import ue_from_minuten

#: A Kreis without a course that begins within this time is named under "Wo etwas fehlt".
AUSBLICK = timedelta(days=183)
#: Numbers of people per row. `besuchende` is never shown; it decides whether the UE may be shown.
PERSONENZAHLEN = ("eingeschrieben", "abgeschlossen", "zertifikate", "warteliste")


@dataclass(slots=True)
class Landzeile:
    """One row: a Kreis, a programme or an employer. None means hidden."""

    schluessel: Any
    titel: str
    eingeschrieben: int | None = 0
    abgeschlossen: int | None = 0
    zertifikate: int | None = 0
    warteliste: int | None = 0
    ue_besucht: Decimal | None = Decimal(0)
    kreis: str = ""
    kurse_laufend: int = 0
    kurse_geplant: int = 0
    freie_plaetze: int = 0
    balken: int = 0


@dataclass(slots=True)
class Landeszahlen:
    """Everything the state office sees. Sums are None when they are hidden."""

    kreise: list[Landzeile]
    programme: list[Landzeile]
    arbeitgeber: list[Landzeile]
    summe: Landzeile
    ohne_angebot: list[str]
    mit_zertifikaten: bool

    @property
    def verborgen(self) -> bool:
        rows = [*self.kreise, *self.programme, *self.arbeitgeber, self.summe]
        return any(getattr(row, name) is None for row in rows for name in (*PERSONENZAHLEN, "ue_besucht"))


def require_landesweit(akteur: Person) -> None:
    if not has_landesweit(akteur):
        raise PermissionDenied


# --- counting --------------------------------------------------------------------------------------------------------

_PROGRAMM = "kurs__modulversion__modul__bausteine__programmversion__programm"
_DIMENSIONEN = {
    "kreis": "kurs__kreis",
    "programm": f"{_PROGRAMM}__public_id",
    "arbeitgeber": "arbeitgeber__public_id",
}


def _real() -> QuerySet[Einschreibung]:
    return Einschreibung.objects.exclude(kurs__status__in=(KursStatus.ENTWURF, KursStatus.ABGESAGT)).order_by()


def _only_current(rows: QuerySet, dimension: str, prefix: str = "") -> QuerySet:
    """Parts of superseded programme versions would count a person for a module that the programme has lost."""
    if dimension != "programm":
        return rows
    path = f"{prefix}kurs__modulversion__modul__bausteine__programmversion__status"
    return rows.filter(**{path: VersionStatus.VEROEFFENTLICHT})


def _people(dimension: str) -> dict[Any, dict[str, int]]:
    """Distinct people per row and number, in one query."""

    def distinct(condition: Q) -> Count:
        return Count("person", distinct=True, filter=condition)

    passed = Q(status=EinschreibungStatus.ABGESCHLOSSEN)
    certified = bescheinigte_einschreibungen()
    rows = (
        _only_current(_real(), dimension)
        .values(schluessel=F(_DIMENSIONEN[dimension]))
        .annotate(
            eingeschrieben=distinct(Q(status__in=NIMMT_TEIL)),
            abgeschlossen=distinct(passed),
            warteliste=distinct(Q(status=EinschreibungStatus.WARTELISTE)),
            zertifikate=distinct(Q(pk__in=certified)) if certified is not None else Value(0),
        )
    )
    return {row.pop("schluessel"): row for row in rows}


def _attended(dimension: str) -> dict[Any, tuple[int, int]]:
    """People who attended and their minutes per row, in one query. Cancelled sessions count nowhere."""
    path = _DIMENSIONEN[dimension]
    rows = Anwesenheitsstand.objects.filter(minuten__gt=0, einschreibung__status__in=NIMMT_TEIL).exclude(
        Q(termin__status=TerminStatus.ABGESAGT)
        | Q(einschreibung__kurs__status__in=(KursStatus.ENTWURF, KursStatus.ABGESAGT))
    )
    if dimension == "programm":
        rows = _only_current(rows, dimension, "einschreibung__")
    found = (
        rows.order_by()
        .values(schluessel=F(f"einschreibung__{path}"))
        .annotate(
            besuchende=Count("einschreibung__person", distinct=True),
            minuten_besucht=Coalesce(
                Sum(Least(F("minuten"), F("termin__minuten")), output_field=IntegerField()), Value(0)
            ),
        )
    )
    return {row["schluessel"]: (row["besuchende"], row["minuten_besucht"]) for row in found}


def _kurse_je_kreis() -> dict[str, dict[str, int]]:
    now = timezone.now()
    rows: Any = (
        Kurs.objects.filter(status=KursStatus.VEROEFFENTLICHT)
        .order_by()
        .values("kreis")
        .annotate(
            laufend=Count("pk", filter=Q(beginn__lte=now, ende__gte=now)),
            geplant=Count("pk", filter=Q(beginn__gt=now) | Q(beginn=None)),
            bald=Count("pk", filter=Q(beginn__gt=now, beginn__lte=now + AUSBLICK)),
            frei=Coalesce(Sum(_free_seats(now)), Value(0)),
        )
    )
    return {row["kreis"]: row for row in rows}


def _free_seats(now: Any) -> Case:
    """Free places are public while enrolment is open; only those are summed."""
    open_now = When(anmeldung_von__lte=now, anmeldung_bis__gt=now, then=F("kapazitaet") - F("belegt"))
    return Case(open_now, default=Value(0), output_field=IntegerField())


# --- tables ----------------------------------------------------------------------------------------------------------


def _zeilen(titel: dict[Any, str], dimension: str) -> tuple[list[Landzeile], dict[Any, tuple[int, int]]]:
    people, attended = _people(dimension), _attended(dimension)
    rows = []
    for key, name in titel.items():
        counts: Any = people.get(key, {})
        row = Landzeile(key, name, **counts)
        row.ue_besucht = ue_from_minuten(attended.get(key, (0, 0))[1])
        rows.append(row)
    return rows, attended


@dataclass(slots=True)
class _Tabelle:
    """One table with the people behind its UE; `vollstaendig` means that its numbers add up to the shown sum."""

    zeilen: list[Landzeile]
    besuchende: dict[Any, tuple[int, int]]
    vollstaendig: bool = True

    def values(self, name: str) -> dict[Any, int]:
        if name == "ue_besucht":
            return {row.schluessel: self.besuchende.get(row.schluessel, (0, 0))[0] for row in self.zeilen}
        return {row.schluessel: getattr(row, name) for row in self.zeilen}


def _hide(tables: list[_Tabelle], summe: Landzeile) -> None:
    """Replace small numbers, and those that would give them away, by None; see `unterdrueckung`.

    Where the number of people is hidden, so is every other number about them (the waiting list is about others).
    """
    eingeschrieben = _hidden_keys(tables, summe, "eingeschrieben", None)
    found = {"eingeschrieben": eingeschrieben, "warteliste": _hidden_keys(tables, summe, "warteliste", None)}
    for name in ("abgeschlossen", "zertifikate", "ue_besucht"):
        keys = _hidden_keys(tables, summe, name, eingeschrieben)
        found[name] = [one | base for one, base in zip(keys, eingeschrieben, strict=True)]
    for name, hidden in found.items():
        for table, hidden_keys in zip(tables, hidden, strict=True):
            for row in table.zeilen:
                if row.schluessel in hidden_keys:
                    setattr(row, name, None)


def _hidden_keys(
    tables: list[_Tabelle], summe: Landzeile, name: str, forced: list[frozenset] | None
) -> list[frozenset]:
    """Hidden keys per table. A table whose numbers can't add up to the shown sum is protected on its own."""
    values = [table.values(name) for table in tables]
    keys = forced or [frozenset()] * len(tables)
    top = max(sum(v.values()) for v, table in zip(values, tables, strict=True) if table.vollstaendig)
    together = [i for i, v in enumerate(values) if tables[i].vollstaendig or sum(v.values()) >= top]
    hidden: list[frozenset] = [frozenset()] * len(tables)
    joint, dropped = hide_together([values[i] for i in together], [keys[i] for i in together])
    for i, found in zip(together, joint, strict=True):
        hidden[i] = found
    for i in set(range(len(tables))) - set(together):
        hidden[i] = hide_together([values[i]], [keys[i]])[0][0]
    if dropped:
        setattr(summe, name, None)
    return hidden


def _summe(kreise: list[Landzeile]) -> Landzeile:
    """Sums over the Kreise: a person who learns in two Kreise counts in both, as in the rows."""
    summe = Landzeile("", _("Sachsen"))
    for name in (*PERSONENZAHLEN, "kurse_laufend", "kurse_geplant", "freie_plaetze"):
        setattr(summe, name, sum(getattr(row, name) for row in kreise))
    summe.ue_besucht = sum((row.ue_besucht or Decimal(0) for row in kreise), Decimal(0))
    return summe


def _with_bars(tables: Iterable[list[Landzeile]]) -> None:
    for table in tables:
        top = max((row.eingeschrieben or 0 for row in table), default=0)
        for row in table:
            row.balken = 100 * (row.eingeschrieben or 0) // top if top else 0


def landes_zahlen(akteur: Person, filters: dict[str, Any] | None = None) -> Landeszahlen:
    """All numbers, nine queries. `filters` (`kreis`) only choose the rows that are shown.

    Raises `PermissionDenied` without the right to see the numbers of the whole state.
    """
    require_landesweit(akteur)
    named = Exists(Einschreibung.objects.filter(arbeitgeber=OuterRef("pk")))
    orgs = {row.public_id: row for row in Organisation.objects.filter(Q(ist_arbeitgeber=True) | named).order_by("name")}
    kreise, a1 = _zeilen(dict(Kreis.choices), "kreis")
    programme, a2 = _zeilen(_programme(), "programm")
    arbeitgeber, a3 = _zeilen({**{pk: o.name for pk, o in orgs.items()}, None: _("ohne Arbeitgeber")}, "arbeitgeber")
    offers = _kurse_je_kreis()
    for row in kreise:
        offer = offers.get(row.schluessel, {})
        row.kurse_laufend, row.kurse_geplant = offer.get("laufend", 0), offer.get("geplant", 0)
        row.freie_plaetze = offer.get("frei", 0)
    for row in arbeitgeber:
        row.kreis = orgs[row.schluessel].get_kreis_display() if row.schluessel else ""
    summe = _summe(kreise)
    _hide([_Tabelle(kreise, a1), _Tabelle(programme, a2, vollstaendig=False), _Tabelle(arbeitgeber, a3)], summe)
    _with_bars([kreise, programme, arbeitgeber])
    missing = [str(name) for key, name in Kreis.choices if not offers.get(key, {}).get("bald")]
    zahlen = Landeszahlen(kreise, programme, arbeitgeber, summe, missing, bescheinigte_einschreibungen() is not None)
    return _chosen(zahlen, filters or {})


def _programme() -> dict[Any, str]:
    rows = Programm.objects.filter(
        versionen__status=VersionStatus.VEROEFFENTLICHT, versionen__bausteine__modul__isnull=False
    )
    return {row.public_id: row.titel for row in rows.distinct().order_by("titel", "id")}


def _chosen(zahlen: Landeszahlen, filters: dict[str, Any]) -> Landeszahlen:
    """Leave out rows after everything was counted and hidden; no number changes."""
    if filters.get("kreis"):
        zahlen.kreise = [row for row in zahlen.kreise if row.schluessel == filters["kreis"]]
    return zahlen

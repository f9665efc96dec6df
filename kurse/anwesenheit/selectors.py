"""Reads: which sessions and records may this person see, and everything one page needs in a fixed number of queries."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone

from kurse.anwesenheit.models import Anwesenheitsstand, Anwesenheitsvermerk
from kurse.anwesenheit.permissions import with_rechte
from kurse.einschreibung.enums import NIMMT_TEIL
from kurse.einschreibung.models import Einschreibung
from kurse.einschreibung.selectors import teilnehmende_of
from kurse.planung.enums import KursStatus, TerminStatus
from kurse.planung.models import Kurs, Termin
from kurse.planung.permissions import kurse_managed_by, kurse_staffed_by, kurse_taught_by
from lms.konten.models import Person


def termin_or_404(person: Person, public_id: str) -> Termin:
    """A session with the rights of `person` on it; 404 for everybody but lecturers and provider."""
    rows = with_rechte(Termin.objects.select_related("kurs", "ort", "liste_geschlossen_von"), person)
    termin = rows.filter(public_id=public_id).first()
    if termin is None or not termin.darf_einsehen:  # type: ignore[attr-defined]
        raise Http404
    return termin


def kurs_or_404(person: Person, public_id: str) -> Kurs:
    kurs = kurse_staffed_by(person).filter(public_id=public_id).first()
    if kurs is None:
        raise Http404
    return kurs


#: Letters that have no decomposition but belong to a letter of the alphabet (DIN 91379).
_BASE = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ı": "i", "ħ": "h", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})


def name_key(einschreibung: Einschreibung) -> tuple[str, str, int]:
    """Alphabetical order as a reader expects it, the same on every database: Çelik stands with C, Öztürk with O."""

    def plain(text: str) -> str:
        decomposed = unicodedata.normalize("NFKD", text.casefold()).translate(_BASE)
        return "".join(letter for letter in decomposed if not unicodedata.combining(letter))

    person = einschreibung.person
    return plain(person.nachname), plain(person.vorname), einschreibung.pk


def teilnehmende_in_order(kurs: Kurs) -> list[Einschreibung]:
    return sorted(teilnehmende_of(kurs), key=name_key)


def verlauf_of_termin(termin: Termin) -> dict[int, list[Anwesenheitsvermerk]]:
    """All entries of a session by enrolment, oldest first; the last of each list is the one that stands."""
    found: dict[int, list[Anwesenheitsvermerk]] = {}
    for row in Anwesenheitsvermerk.objects.filter(termin=termin).select_related("erfasst_von").order_by("pk"):
        found.setdefault(row.einschreibung_id, []).append(row)
    return found


# --- lists of sessions -----------------------------------------------------------------------------------------------


def with_zaehlung(termine: QuerySet[Termin]) -> QuerySet[Termin]:
    """Annotate `teilnehmende` and `erfasst`: how many take part, and how many of them have a state."""
    people = Einschreibung.objects.filter(kurs=OuterRef("kurs_id"), status__in=NIMMT_TEIL).order_by()
    states = Anwesenheitsstand.objects.filter(termin=OuterRef("pk"), einschreibung__status__in=NIMMT_TEIL).order_by()

    def number(rows: QuerySet, group: str) -> Coalesce:
        counted = rows.values(group).annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(counted, output_field=IntegerField()), 0)

    return termine.annotate(teilnehmende=number(people, "kurs"), erfasst=number(states, "termin"))


def _live_termine(kurse: QuerySet[Kurs]) -> QuerySet[Termin]:
    rows = Termin.objects.filter(kurs__in=kurse.values("pk"), status=TerminStatus.GEPLANT)
    return rows.exclude(kurs__status__in=(KursStatus.ENTWURF, KursStatus.ABGESAGT)).select_related("kurs", "ort")


def _day_bounds() -> tuple[datetime, datetime]:
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    following = timezone.make_aware(datetime.combine(start.date() + timedelta(days=1), datetime.min.time()))
    return start, following


def termine_today(person: Person) -> QuerySet[Termin]:
    """Today's sessions of the courses that the person teaches."""
    start, stop = _day_bounds()
    rows = _live_termine(kurse_taught_by(person)).filter(beginn__lt=stop, ende__gte=start)
    return with_zaehlung(rows).order_by("beginn", "pk")


def termine_next(person: Person) -> QuerySet[Termin]:
    """Sessions after today of the courses that the person teaches."""
    return with_zaehlung(_live_termine(kurse_taught_by(person)).filter(beginn__gte=_day_bounds()[1])).order_by(
        "beginn", "pk"
    )


def offene_listen(person: Person, *, verwaltet: bool = False) -> QuerySet[Termin]:
    """Sessions before today whose list is not closed, the oldest first; with `verwaltet` also the provider's."""
    kurse = kurse_taught_by(person)
    if verwaltet:
        kurse = Kurs.objects.filter(Q(pk__in=kurse.values("pk")) | Q(pk__in=kurse_managed_by(person).values("pk")))
    rows = _live_termine(kurse).filter(ende__lt=_day_bounds()[0], liste_geschlossen_at=None)
    return with_zaehlung(rows).order_by("beginn", "pk")


# --- evidence: what the sums are made of -----------------------------------------------------------------------------


@dataclass(slots=True)
class Beleg:
    """One session of one person: what was planned, what stands, and every entry behind it (oldest first)."""

    termin: Termin
    vermerke: list[Anwesenheitsvermerk] = field(default_factory=list)

    @property
    def vermerk(self) -> Anwesenheitsvermerk | None:
        return self.vermerke[-1] if self.vermerke else None

    @property
    def status(self) -> str:
        """Empty when nothing is recorded."""
        return self.vermerk.status if self.vermerk else ""

    @property
    def zaehlt(self) -> bool:
        return self.termin.status != TerminStatus.ABGESAGT

    @property
    def minuten_geplant(self) -> int:
        return self.termin.minuten if self.zaehlt else 0

    @property
    def minuten(self) -> int:
        """Minutes that count, the same figure that `zeiten_of` sums."""
        return min(self.vermerk.minuten, self.termin.minuten) if self.vermerk and self.zaehlt else 0

    @property
    def vorbei(self) -> bool:
        return self.termin.ende <= timezone.now() or self.termin.liste_geschlossen


def belege_of(einschreibung: Einschreibung) -> list[Beleg]:
    """Every session of the course with the entries of this person, in two queries."""
    belege = {row.pk: Beleg(row) for row in Termin.objects.filter(kurs_id=einschreibung.kurs_id).select_related("ort")}
    rows = Anwesenheitsvermerk.objects.filter(einschreibung=einschreibung).select_related("erfasst_von")
    for vermerk in rows.order_by("pk"):
        belege[vermerk.termin_id].vermerke.append(vermerk)
    return list(belege.values())


def staende_of(einschreibungen: Iterable[Einschreibung]) -> dict[tuple[int, int], Anwesenheitsstand]:
    """Current states by (enrolment, session), in one query."""
    ids = [row.pk for row in einschreibungen]
    rows = Anwesenheitsstand.objects.filter(einschreibung_id__in=ids)
    return {(row.einschreibung_id, row.termin_id): row for row in rows}

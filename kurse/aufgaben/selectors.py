"""Reads: which assignments and submissions a person may see, and where everybody stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from kurse.aufgaben.enums import AbgabeStatus, AufgabeArt, Aufgabenstand
from kurse.aufgaben.models import Abgabe, Aufgabe, Bewertung, Fristverlaengerung, Modulergebnis
from kurse.aufgaben.permissions import kurse_with_abgaben_of
from kurse.einschreibung.enums import NIMMT_TEIL
from kurse.einschreibung.models import Einschreibung
from lms.konten.models import Person


@dataclass(frozen=True, slots=True)
class Stand:
    """One person and one assignment. `frist` already knows a personal extension."""

    aufgabe: Aufgabe
    einschreibung: Einschreibung
    stand: str
    frist: datetime
    verlaengert: bool
    abgabe: Abgabe | None = None
    bewertung: Bewertung | None = None

    @property
    def label(self) -> str:
        if self.aufgabe.art == AufgabeArt.PRUEFUNG and self.stand == Aufgabenstand.OFFEN:
            return _("Ergebnis steht noch aus")
        return str(Aufgabenstand(self.stand).label)

    @property
    def zu_tun(self) -> bool:
        """The participant can still do something about it."""
        return self.aufgabe.art != AufgabeArt.PRUEFUNG and self.stand in (
            Aufgabenstand.OFFEN,
            Aufgabenstand.UEBERARBEITEN,
            Aufgabenstand.UEBERFAELLIG,
        )


def latest_abgaben() -> QuerySet[Abgabe]:
    """The newest version per person and assignment; older ones are history and are not graded any more."""
    newer = Abgabe.objects.filter(
        aufgabe=OuterRef("aufgabe"), einschreibung=OuterRef("einschreibung"), versuch__gt=OuterRef("versuch")
    )
    return Abgabe.objects.filter(~Exists(newer))


def with_bewertung(abgaben: QuerySet[Abgabe]) -> QuerySet[Abgabe]:
    """Adds `gueltige_bewertungen`: the grading in force (none or one), without those it replaced."""
    current = Bewertung.objects.filter(ersetzt_durch=None).select_related("person")
    return abgaben.prefetch_related(Prefetch("bewertungen", current, to_attr="gueltige_bewertungen"))


def bewertung_of(abgabe: Abgabe) -> Bewertung | None:
    """The grading in force."""
    prefetched = getattr(abgabe, "gueltige_bewertungen", None)
    if prefetched is not None:
        return prefetched[0] if prefetched else None
    return abgabe.bewertungen.filter(ersetzt_durch=None).first()


def aufgaben_visible_to(person: Person) -> QuerySet[Aufgabe]:
    """Own courses (as a participant) and the courses one teaches, administers or examines."""
    if not getattr(person, "pk", None):
        return Aufgabe.objects.none()
    own = Einschreibung.objects.filter(person=person, status__in=NIMMT_TEIL).values("kurs")
    return Aufgabe.objects.filter(Q(kurs__in=own) | Q(kurs__in=kurse_with_abgaben_of(person))).select_related(
        "kurs", "notenskala"
    )


def abgaben_visible_to(person: Person) -> QuerySet[Abgabe]:
    """The own ones, and those of courses one teaches, administers or examines. Nobody else's, never the employer."""
    if not getattr(person, "pk", None):
        return Abgabe.objects.none()
    return Abgabe.objects.filter(
        Q(einschreibung__person=person) | Q(aufgabe__kurs__in=kurse_with_abgaben_of(person))
    ).select_related("aufgabe__kurs", "aufgabe__notenskala", "einschreibung__person")


def aufgabe_or_404(person: Person, public_id: str) -> Aufgabe:
    return get_object_or_404(aufgaben_visible_to(person), public_id=public_id)


def abgabe_or_404(person: Person, public_id: str) -> Abgabe:
    return get_object_or_404(with_bewertung(abgaben_visible_to(person)), public_id=public_id)


def current_fristen(aufgaben: Iterable[Aufgabe], einschreibungen: Iterable[Einschreibung]) -> dict:
    """The newest extension per (assignment, enrolment), in one query."""
    rows = Fristverlaengerung.objects.filter(aufgabe__in=list(aufgaben), einschreibung__in=list(einschreibungen))
    return {(row.aufgabe_id, row.einschreibung_id): row.bis for row in rows.order_by("id")}


def frist_of(aufgabe: Aufgabe, einschreibung: Einschreibung) -> datetime:
    """The deadline of one person: the assignment's, or the personal extension if that is later."""
    bis = current_fristen([aufgabe], [einschreibung]).get((aufgabe.pk, einschreibung.pk))
    return max(aufgabe.faellig_at, bis) if bis else aufgabe.faellig_at


def _stand_value(abgabe: Abgabe | None, aufgabe: Aufgabe, frist: datetime, now: datetime) -> str:
    if abgabe is not None:
        return abgabe.status
    if aufgabe.art != AufgabeArt.PRUEFUNG and now > frist:
        return Aufgabenstand.UEBERFAELLIG
    return Aufgabenstand.OFFEN


def staende_of(aufgaben: Iterable[Aufgabe], einschreibungen: Iterable[Einschreibung]) -> dict[tuple[int, int], Stand]:
    """Where everybody stands with every assignment, by (assignment, enrolment): three queries whatever the numbers."""
    tasks, people, now = list(aufgaben), list(einschreibungen), timezone.now()
    if not tasks or not people:
        return {}
    rows = with_bewertung(latest_abgaben().filter(aufgabe__in=tasks, einschreibung__in=people))
    latest = {(row.aufgabe_id, row.einschreibung_id): row for row in rows}
    fristen = current_fristen(tasks, people)
    found = {}
    for aufgabe in tasks:
        for person in people:
            key = (aufgabe.pk, person.pk)
            abgabe, bis = latest.get(key), fristen.get(key)
            frist = max(aufgabe.faellig_at, bis) if bis else aufgabe.faellig_at
            found[key] = Stand(
                aufgabe,
                person,
                _stand_value(abgabe, aufgabe, frist, now),
                frist,
                frist > aufgabe.faellig_at,
                abgabe,
                bewertung_of(abgabe) if abgabe else None,
            )
    return found


@dataclass(frozen=True, slots=True)
class Zaehler:
    abgegeben: int = 0
    zu_bewerten: int = 0
    bestanden: int = 0


def zaehler_of(aufgaben: Iterable[Aufgabe]) -> dict[int, Zaehler]:
    """Per assignment: people who handed in, submissions that wait for grading, people who passed. One query."""
    rows = (
        latest_abgaben()
        .filter(aufgabe__in=list(aufgaben), einschreibung__status__in=NIMMT_TEIL)
        .order_by()
        .values("aufgabe_id")
        .annotate(
            abgegeben=Count("id"),
            zu_bewerten=Count("id", filter=Q(status=AbgabeStatus.EINGEREICHT)),
            bestanden=Count("id", filter=Q(status=AbgabeStatus.BESTANDEN)),
        )
    )
    return {
        row["aufgabe_id"]: Zaehler(
            abgegeben=row["abgegeben"], zu_bewerten=row["zu_bewerten"], bestanden=row["bestanden"]
        )
        for row in rows
    }


def next_to_grade(aufgabe: Aufgabe, after: Abgabe | None = None) -> Abgabe | None:
    """The submission that has waited longest; `after` is the one that was just on the screen."""
    waiting = latest_abgaben().filter(
        aufgabe=aufgabe, status=AbgabeStatus.EINGEREICHT, einschreibung__status__in=NIMMT_TEIL
    )
    if after is not None:
        waiting = waiting.exclude(pk=after.pk)
    return waiting.order_by("abgegeben_at", "id").first()


def versionen_of(aufgabe: Aufgabe, einschreibung: Einschreibung) -> QuerySet[Abgabe]:
    """Every version of one person's submission, the newest first, with the grading in force."""
    return with_bewertung(Abgabe.objects.filter(aufgabe=aufgabe, einschreibung=einschreibung).order_by("-versuch"))


def letzter_versuch(aufgabe: Aufgabe, einschreibung: Einschreibung) -> int:
    return Abgabe.objects.filter(aufgabe=aufgabe, einschreibung=einschreibung).aggregate(m=Max("versuch"))["m"] or 0


def bewertungen_visible_to(person: Person) -> QuerySet[Bewertung]:
    """Gradings of visible submissions, replaced ones too, so that a change stays traceable."""
    rows = Bewertung.objects.filter(abgabe__in=abgaben_visible_to(person).values("pk"))
    return rows.select_related("abgabe__aufgabe", "person", "ersetzt")


def fristen_visible_to(person: Person) -> QuerySet[Fristverlaengerung]:
    """Own extensions, and those of courses whose submissions the person may read."""
    if not getattr(person, "pk", None):
        return Fristverlaengerung.objects.none()
    rows = Fristverlaengerung.objects.filter(
        Q(einschreibung__person=person) | Q(aufgabe__kurs__in=kurse_with_abgaben_of(person))
    )
    return rows.select_related("aufgabe", "einschreibung")


def ergebnisse_visible_to(person: Person) -> QuerySet[Modulergebnis]:
    """Own confirmed results, and those of courses one teaches, administers or examines."""
    if not getattr(person, "pk", None):
        return Modulergebnis.objects.none()
    rows = Modulergebnis.objects.filter(
        Q(einschreibung__person=person) | Q(einschreibung__kurs__in=kurse_with_abgaben_of(person))
    )
    return rows.select_related("einschreibung__person", "einschreibung__kurs")

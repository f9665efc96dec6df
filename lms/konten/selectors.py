"""Who employs whom, and what employers may see."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from lms.konten.enums import Recht
from lms.konten.models import Beschaeftigung, Einwilligung, Organisation, Person
from lms.konten.rechte import organisationen_mit_recht


def active_on(day: object = None, prefix: str = "") -> Q:
    """Filter for rows with `von`/`bis` (bis inclusive) that are in force on `day` (today), behind `prefix`."""
    day = day or timezone.localdate()
    begun = Q(**{f"{prefix}von__lte": day})
    return begun & (Q(**{f"{prefix}bis__isnull": True}) | Q(**{f"{prefix}bis__gte": day}))


def current_arbeitgeber(person: Person) -> list[Organisation]:
    """Employers of a person today, the newest employment first."""
    rows = person.beschaeftigungen.filter(active_on()).select_related("arbeitgeber").order_by("-von", "-id")
    return [row.arbeitgeber for row in rows]


def beschaeftigungen_for(akteur: Person, recht: str = Recht.FORTSCHRITT_EINSEHEN) -> QuerySet[Beschaeftigung]:
    """Current employments at the organisations where `akteur` holds `recht`."""
    return (
        Beschaeftigung.objects.filter(active_on(), arbeitgeber__in=organisationen_mit_recht(akteur, recht))
        .select_related("person", "arbeitgeber")
        .order_by("person__nachname", "person__vorname", "id")
    )


def with_einwilligung(rows: QuerySet[Beschaeftigung], kategorie: str) -> QuerySet[Beschaeftigung]:
    """Annotate employments with `eingewilligt`: does a consent of this category hold now?"""
    consent = Einwilligung.objects.filter(
        person=OuterRef("person"), arbeitgeber=OuterRef("arbeitgeber"), kategorie=kategorie, widerrufen_at=None
    )
    return rows.annotate(eingewilligt=Exists(consent))


def has_einwilligung(person: Person, arbeitgeber: Organisation, kategorie: str) -> bool:
    return Einwilligung.objects.filter(
        person=person, arbeitgeber=arbeitgeber, kategorie=kategorie, widerrufen_at=None
    ).exists()

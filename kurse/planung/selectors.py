"""Which courses, sessions and places a person may see."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from kurse.planung.enums import KursStatus, TerminStatus
from kurse.planung.models import Kurs, Lehrauftrag, Ort, Termin
from kurse.planung.permissions import kurse_managed_by, kurse_staffed_by
from lms.konten.enums import Recht, Rolle
from lms.konten.models import Organisation, Person
from lms.konten.rechte import organisationen_mit_recht
from lms.konten.selectors import active_on
from module.models import Modul, Modulversion, Programm


def kurse_visible_to(person: Person | Any) -> QuerySet[Kurs]:
    """Drafts are seen by the course's own staff only, everything else by everybody."""
    rows = Kurs.objects.select_related("veranstalter", "modulversion__modul", "modulversion__anwesenheitsregel")
    public = ~Q(status=KursStatus.ENTWURF)
    if not getattr(person, "pk", None):
        return rows.filter(public)
    return rows.filter(public | Q(pk__in=kurse_staffed_by(person).values("pk")))


def kurs_or_404(person: Person | Any, public_id: str) -> Kurs:
    return get_object_or_404(kurse_visible_to(person), public_id=public_id)


def kurse_open() -> QuerySet[Kurs]:
    """Published courses that are not over: what the public search and the module pages list."""
    first = Termin.objects.filter(kurs=OuterRef("pk"), status=TerminStatus.GEPLANT, ort__isnull=False)
    place = first.order_by("beginn").values("ort__ort")[:1]
    return (
        Kurs.objects.filter(status=KursStatus.VEROEFFENTLICHT)
        .filter(Q(ende=None) | Q(ende__gte=timezone.now()))
        .select_related("veranstalter", "modulversion__modul")
        .annotate(ort_name=Subquery(place))
        .order_by(F("beginn").asc(nulls_last=True), "id")
    )


def search_kurse(rows: QuerySet[Kurs], filters: dict[str, Any]) -> QuerySet[Kurs]:
    """Apply the filters of the public search; empty values change nothing."""
    for word in (filters.get("q") or "").split():
        rows = rows.filter(
            Q(titel__icontains=word)
            | Q(beschreibung__icontains=word)
            | Q(nummer__icontains=word)
            | Q(veranstalter__name__icontains=word)
            | Q(modulversion__titel__icontains=word)
            | Q(modulversion__modul__code__icontains=word)
        )
    for name in ("kreis", "modus", "art"):
        if filters.get(name):
            rows = rows.filter(**{name: filters[name]})
    if filters.get("programm"):
        path = "modulversion__modul__bausteine__programmversion__programm__public_id"
        rows = rows.filter(pk__in=Kurs.objects.filter(**{path: filters["programm"]}).values("pk"))
    if filters.get("von"):
        rows = rows.filter(beginn__date__gte=filters["von"])
    if filters.get("bis"):
        rows = rows.filter(beginn__date__lte=filters["bis"])
    if filters.get("ects"):
        rows = rows.filter(modulversion__ects__gte=filters["ects"])
    if filters.get("frei"):
        now = timezone.now()
        rows = rows.filter(belegt__lt=F("kapazitaet"), anmeldung_von__lte=now, anmeldung_bis__gt=now)
    return rows


def programme_with_kurse() -> QuerySet[Programm]:
    """Programmes that have at least one module; the choices of the search."""
    return Programm.objects.filter(versionen__bausteine__modul__isnull=False).distinct().order_by("titel")


def termine_of(kurs: Kurs) -> QuerySet[Termin]:
    """All sessions with place, breaks and changes; `anzahl_aenderungen` counts moves and the cancellation."""
    return (
        kurs.termine.select_related("ort")
        .prefetch_related("pausen", "aenderungen")
        .annotate(anzahl_aenderungen=Count("aenderungen"))
        .order_by("beginn", "id")
    )


def open_angebote(modul: Modul) -> list[dict[str, Any]]:
    """Open courses of any version of a module, for the module page (one query)."""
    rows = kurse_open().filter(modulversion__modul=modul)[:50]
    return [
        {
            "titel": row.titel,
            "url": reverse("kurs", args=[row.public_id]),
            "beginn": row.beginn,
            "freie_plaetze": row.freie_plaetze,
            "ort": row.ort_name or "",  # type: ignore[attr-defined]
            "modus": row.get_modus_display(),
        }
        for row in rows
    ]


# --- the provider's view --------------------------------------------------------------------------------------------


def veranstalter_of(person: Person) -> QuerySet[Organisation]:
    """Organisations for which the person may plan courses."""
    return organisationen_mit_recht(person, Recht.KURSE_VERWALTEN).filter(
        Q(ist_bildungstraeger=True) | Q(ist_hochschule=True) | Q(ist_landesfachstelle=True)
    )


def planbare_kurse(person: Person) -> QuerySet[Kurs]:
    """Courses of the person's providers, the newest first; `lehrende_anzahl` and `termine_anzahl` are counted."""
    planned = Count("termine", filter=Q(termine__status=TerminStatus.GEPLANT), distinct=True)
    return (
        kurse_managed_by(person)
        .select_related("veranstalter", "modulversion__modul", "modulversion__anwesenheitsregel")
        .annotate(termine_anzahl=planned, lehrende_anzahl=Count("lehrauftraege", distinct=True))
        .order_by("-created_at", "-id")
    )


def search_planung(rows: QuerySet[Kurs], filters: dict[str, Any]) -> QuerySet[Kurs]:
    for word in (filters.get("q") or "").split():
        rows = rows.filter(
            Q(titel__icontains=word)
            | Q(nummer__icontains=word)
            | Q(lehrauftraege__person__nachname__icontains=word)
            | Q(modulversion__modul__code__icontains=word)
        )
    if filters.get("status"):
        rows = rows.filter(status=filters["status"])
    return rows


def planbarer_kurs_or_404(person: Person, public_id: str) -> Kurs:
    """A course that the person may plan; 404 for everybody else, its lecturers included."""
    rows = kurse_managed_by(person).select_related(
        "veranstalter", "modulversion__modul", "modulversion__anwesenheitsregel", "foerdermittelgeber"
    )
    return get_object_or_404(rows, public_id=public_id)


def planbarer_termin_or_404(person: Person, public_id: str) -> Termin:
    rows = Termin.objects.filter(kurs__in=kurse_managed_by(person).values("pk")).select_related(
        "kurs__veranstalter", "kurs__modulversion", "ort"
    )
    return get_object_or_404(rows, public_id=public_id)


def planbarer_lehrauftrag_or_404(person: Person, public_id: str) -> Lehrauftrag:
    rows = Lehrauftrag.objects.filter(kurs__in=kurse_managed_by(person).values("pk")).select_related("kurs", "person")
    return get_object_or_404(rows, public_id=public_id)


def orte_of(person: Person) -> QuerySet[Ort]:
    return Ort.objects.filter(organisation__in=veranstalter_of(person)).select_related("organisation")


def ort_or_404(person: Person, public_id: str) -> Ort:
    return get_object_or_404(orte_of(person), public_id=public_id)


def waehlbare_versionen(organisationen: QuerySet[Organisation]) -> QuerySet[Modulversion]:
    """Published versions of the catalogues that the organisations own with others."""
    return (
        Modulversion.objects.filter(
            status="veroeffentlicht", modul__katalog__katalogpartner__organisation__in=organisationen
        )
        .select_related("modul__katalog")
        .distinct()
        .order_by("modul__code", "titel")
    )


def lehrende_of_organisation(organisation: Organisation) -> QuerySet[Person]:
    """Active members with the role of a lecturer."""
    return (
        Person.objects.filter(
            pk__in=organisation.mitgliedschaften.filter(active_on(), rolle=Rolle.LEHRENDE).values("person"),
            is_active=True,
        )
        .distinct()
        .order_by("nachname", "vorname", "id")
    )


# --- what to do next ------------------------------------------------------------------------------------------------

#: How far ahead the start page looks.
VORSCHAU = timedelta(days=21)


def kurse_to_publish(person: Person, limit: int = 10) -> list[Kurs]:
    return list(
        kurse_managed_by(person).filter(status=KursStatus.ENTWURF).order_by(F("beginn").asc(nulls_last=True))[:limit]
    )


def termine_incomplete(person: Person, limit: int = 10) -> list[Termin]:
    """Sessions of the next weeks without a lecturer, or without place and link."""
    now = timezone.now()
    ohne = ~Exists(Lehrauftrag.objects.filter(kurs=OuterRef("kurs")))
    rows = Termin.objects.filter(
        kurs__in=kurse_managed_by(person).filter(status=KursStatus.VEROEFFENTLICHT).values("pk"),
        status=TerminStatus.GEPLANT,
        beginn__gte=now,
        beginn__lte=now + VORSCHAU,
    ).annotate(ohne_lehrende=ohne)
    return list(
        rows.filter(Q(ohne_lehrende=True) | Q(ort=None, link="")).select_related("kurs").order_by("beginn")[:limit]
    )


def kurse_below_minimum(person: Person, limit: int = 10) -> list[Kurs]:
    """Published courses that begin soon with fewer people than they need."""
    now = timezone.now()
    return list(
        kurse_managed_by(person)
        .filter(status=KursStatus.VEROEFFENTLICHT, belegt__lt=F("mindestteilnehmende"))
        .filter(beginn__gte=now, beginn__lte=now + VORSCHAU)
        .order_by("beginn")[:limit]
    )


def lehrauftraege_of(kurs: Kurs) -> QuerySet[Lehrauftrag]:
    return kurs.lehrauftraege.select_related("person").order_by("rolle", "person__nachname", "person__vorname", "id")

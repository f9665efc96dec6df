"""Who sees which enrolments. The employer's selectors hand out no results and no reasons that are not its own."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone

from kurse.einschreibung.enums import NIMMT_TEIL, PLATZ_BELEGT, EinschreibungStatus, GenehmigungStatus
from kurse.einschreibung.models import Einschreibung, Importlauf
from kurse.planung.enums import KursStatus, TerminStatus
from kurse.planung.models import Kurs, Termin
from kurse.planung.permissions import kurse_managed_by, kurse_staffed_by
from lms.konten.enums import Recht
from lms.konten.models import Beschaeftigung, Organisation, Person
from lms.konten.rechte import organisationen_mit_recht
from lms.konten.selectors import active_on

S = EinschreibungStatus
#: What an employer may see of a person that it sent or was asked about: never a result.
SICHTBAR_FUER_ARBEITGEBER = frozenset({S.BEANTRAGT, S.WARTELISTE, S.ANGEBOTEN, S.ZUGELASSEN, S.ABGELEHNT, S.STORNIERT})
OFFEN = frozenset({S.BEANTRAGT, S.WARTELISTE, S.ANGEBOTEN})


def with_kurs(rows: QuerySet[Einschreibung]) -> QuerySet[Einschreibung]:
    return rows.select_related("kurs", "kurs__veranstalter", "kurs__modulversion", "arbeitgeber", "person")


def with_warteplatz(rows: QuerySet[Einschreibung]) -> QuerySet[Einschreibung]:
    """Annotate `warteplatz`: the position on the waiting list, counted from 1 (only meaningful while waiting)."""
    ahead = (
        Einschreibung.objects.filter(kurs=OuterRef("kurs"), status=S.WARTELISTE, rang__lt=OuterRef("rang"))
        .order_by()
        .values("kurs")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return rows.annotate(warteplatz=Coalesce(Subquery(ahead, output_field=IntegerField()), 0) + 1)


def with_naechster_termin(rows: QuerySet[Einschreibung]) -> QuerySet[Einschreibung]:
    """Annotate `naechster_beginn` and `naechstes_ende` of the next session that takes place."""
    coming = Termin.objects.filter(
        kurs=OuterRef("kurs"), status=TerminStatus.GEPLANT, ende__gt=timezone.now()
    ).order_by("beginn", "id")
    return rows.annotate(
        naechster_beginn=Subquery(coming.values("beginn")[:1]), naechstes_ende=Subquery(coming.values("ende")[:1])
    )


def einschreibungen_for(person: Person) -> QuerySet[Einschreibung]:
    """The person's own enrolments, newest first, with position on the list and next session."""
    rows = with_kurs(Einschreibung.objects.filter(person=person))
    return with_naechster_termin(with_warteplatz(rows)).order_by("-beantragt_at", "-id")


def teilnehmende_of(kurs: Kurs) -> QuerySet[Einschreibung]:
    """Who takes part in the teaching, ordered by name."""
    return (
        Einschreibung.objects.filter(kurs=kurs, status__in=NIMMT_TEIL)
        .select_related("person")
        .order_by("person__nachname", "person__vorname", "id")
    )


def einschreibungen_of(kurs: Kurs, suche: str = "", status: str = "") -> QuerySet[Einschreibung]:
    """Every enrolment of a course for its staff: the waiting list in order after those with a place."""
    rows = with_warteplatz(Einschreibung.objects.filter(kurs=kurs).select_related("person", "arbeitgeber"))
    for word in suche.split()[:5]:
        rows = rows.filter(
            Q(person__vorname__icontains=word)
            | Q(person__nachname__icontains=word)
            | Q(person__email__icontains=word)
            | Q(arbeitgeber__kurzname__icontains=word)
            | Q(arbeitgeber__name__icontains=word)
        )
    if status:
        rows = rows.filter(status=status)
    return rows.order_by("person__nachname", "person__vorname", "id")


def warteliste_of(kurs: Kurs) -> QuerySet[Einschreibung]:
    """The waiting list in order."""
    rows = Einschreibung.objects.filter(kurs=kurs, status=S.WARTELISTE).select_related("person", "arbeitgeber")
    return with_warteplatz(rows).order_by("rang")


def count_by_status(kurs: Kurs) -> dict[str, int]:
    rows = kurs.einschreibungen.order_by().values_list("status").annotate(n=Count("pk"))
    return dict(rows)


def einschreibungen_to_approve(akteur: Person) -> QuerySet[Einschreibung]:
    """Applications that wait for the approval of an employer where `akteur` may approve, the oldest first."""
    rows = Einschreibung.objects.filter(
        genehmigung=GenehmigungStatus.OFFEN,
        status__in=OFFEN,
        arbeitgeber__in=organisationen_mit_recht(akteur, Recht.EINSCHREIBUNGEN_GENEHMIGEN),
    )
    return with_warteplatz(with_kurs(rows)).order_by("beantragt_at", "id")


def einschreibungen_of_arbeitgeber(akteur: Person) -> QuerySet[Einschreibung]:
    """What employers were asked about or arranged themselves; enrolments that need no approval stay private."""
    rows = Einschreibung.objects.filter(
        arbeitgeber__in=organisationen_mit_recht(akteur, Recht.EINSCHREIBUNGEN_GENEHMIGEN),
        status__in=SICHTBAR_FUER_ARBEITGEBER,
    ).exclude(genehmigung=GenehmigungStatus.NICHT_NOETIG)
    return with_kurs(rows)


def einschreibungen_of_staff(person: Person) -> QuerySet[Einschreibung]:
    return with_kurs(Einschreibung.objects.filter(kurs__in=kurse_staffed_by(person)))


def einschreibung_or_404(person: Person, public_id: str) -> Einschreibung:
    """Own enrolment, or one of a course where the person teaches or works for the provider."""
    mine = Q(person=person) | Q(kurs__in=kurse_staffed_by(person).values("pk"))
    return _one(with_kurs(Einschreibung.objects.filter(mine)), public_id)


def own_einschreibung_or_404(person: Person, public_id: str) -> Einschreibung:
    return _one(einschreibungen_for(person), public_id)


def request_or_404(akteur: Person, public_id: str) -> Einschreibung:
    """An enrolment that an employer of `akteur` decides or decided."""
    return _one(with_warteplatz(einschreibungen_of_arbeitgeber(akteur)), public_id)


def visible_einschreibungen(person: Person) -> QuerySet[Einschreibung]:
    """Visible in any capacity; `voll_sichtbar` says that reasons may be shown (own, or staff of the course)."""
    full = Q(person=person) | Q(kurs__in=kurse_staffed_by(person).values("pk"))
    asked = Q(pk__in=einschreibungen_of_arbeitgeber(person).select_related(None).values("pk"))
    rows = with_warteplatz(with_kurs(Einschreibung.objects.filter(full | asked)))
    return rows.annotate(
        voll_sichtbar=Case(When(full, then=Value(True)), default=Value(False), output_field=BooleanField())
    )


def _one(rows: QuerySet[Einschreibung], public_id: str) -> Einschreibung:
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def staffed_kurs_or_404(person: Person, public_id: str) -> Kurs:
    """A course whose list of participants the person may see."""
    found = kurse_staffed_by(person).select_related("veranstalter").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def public_kurs_or_404(public_id: str) -> Kurs:
    """A course that everybody may see; drafts answer 404."""
    found = (
        Kurs.objects.exclude(status=KursStatus.ENTWURF)
        .select_related("veranstalter", "modulversion")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def enrollable_kurse() -> QuerySet[Kurs]:
    """Published courses whose enrolment window is open."""
    now = timezone.now()
    return (
        Kurs.objects.filter(status=KursStatus.VEROEFFENTLICHT, anmeldung_von__lte=now, anmeldung_bis__gt=now)
        .select_related("veranstalter")
        .order_by("beginn", "id")
    )


def own_row(person: Person, kurs: Kurs) -> Einschreibung | None:
    if not getattr(person, "pk", None):
        return None
    return with_warteplatz(Einschreibung.objects.filter(person=person, kurs=kurs)).first()


def overlaps_for(person: Person, kurs: Kurs) -> list[tuple[Termin, Termin]]:
    """Sessions of the course that collide with sessions of other courses in which the person has a place."""
    others = Einschreibung.objects.filter(person=person, status__in=PLATZ_BELEGT).exclude(kurs=kurs)
    mine = list(
        Termin.objects.filter(
            kurs__in=others.values("kurs"), status=TerminStatus.GEPLANT, ende__gt=timezone.now()
        ).select_related("kurs")
    )
    new = list(kurs.termine.filter(status=TerminStatus.GEPLANT, ende__gt=timezone.now())) if mine else []
    return [(a, b) for a in new for b in mine if a.beginn < b.ende and b.beginn < a.ende]


def personal_of(arbeitgeber: Organisation, kurs: Kurs | None, suche: str = "") -> QuerySet[Beschaeftigung]:
    """Current employees by name; with a course, `einschreibung_status` says who is known to be in it already."""
    rows = Beschaeftigung.objects.filter(active_on(), arbeitgeber=arbeitgeber).select_related("person")
    for word in suche.split()[:5]:
        rows = rows.filter(Q(person__vorname__icontains=word) | Q(person__nachname__icontains=word))
    if kurs is not None:
        known = Einschreibung.objects.filter(
            kurs=kurs, person=OuterRef("person"), arbeitgeber=arbeitgeber, status__in=SICHTBAR_FUER_ARBEITGEBER
        ).exclude(genehmigung=GenehmigungStatus.NICHT_NOETIG)
        rows = rows.annotate(
            einschreibung_status=Subquery(known.values("status")[:1]),
            einschreibung_genehmigung=Subquery(known.values("genehmigung")[:1]),
        )
    return rows.order_by("person__nachname", "person__vorname", "id")


def importlauf_or_404(person: Person, public_id: str) -> Importlauf:
    """An import of a course that the person administers."""
    found = (
        Importlauf.objects.filter(kurs__in=kurse_managed_by(person), public_id=public_id)
        .select_related("kurs", "kurs__veranstalter")
        .first()
    )
    if found is None:
        raise Http404
    return found


def new_einschreibungen(person: Person) -> Iterable[Any]:
    """Courses that the person administers with people who came this week or wait: one row per course."""
    week = timezone.now() - timedelta(days=7)
    return (
        Einschreibung.objects.filter(kurs__in=kurse_managed_by(person), kurs__status=KursStatus.VEROEFFENTLICHT)
        .order_by()
        .values(kurs_id_public=F("kurs__public_id"), titel=F("kurs__titel"))
        .annotate(
            neu=Count("pk", filter=Q(beantragt_at__gte=week, status__in=PLATZ_BELEGT)),
            wartend=Count("pk", filter=Q(status=S.WARTELISTE)),
        )
        .filter(Q(neu__gt=0) | Q(wartend__gt=0))
        .order_by("titel")[:10]
    )

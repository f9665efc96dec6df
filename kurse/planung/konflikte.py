"""Overlaps with other courses: lecturers, rooms, participants. A constant number of queries for any series."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kurse.planung.beteiligte import AKTIV
from kurse.planung.enums import KursStatus, TerminStatus
from kurse.planung.models import Kurs, Termin
from kurse.planung.serie import TerminEntwurf, overlaps
from lms.konten.models import Person

LEHRENDE, ORT, TEILNEHMENDE = "lehrende", "ort", "teilnehmende"


@dataclass(frozen=True, slots=True)
class Konflikt:
    """`index` is the position of the draft in the list that was asked about. Participants appear as a number only."""

    art: str
    index: int
    text: str
    beginn: datetime
    ende: datetime
    anzahl: int = 1


def _others(kurs: Kurs, entwuerfe: Sequence[TerminEntwurf], ohne_termin: Termin | None) -> QuerySet[Termin]:
    """Planned sessions of other courses in the time range of the drafts."""
    rows = Termin.objects.filter(
        status=TerminStatus.GEPLANT,
        kurs__status__in=[KursStatus.ENTWURF, KursStatus.VEROEFFENTLICHT],
        beginn__lt=max(entwurf.ende for entwurf in entwuerfe),
        ende__gt=min(entwurf.beginn for entwurf in entwuerfe),
    ).exclude(kurs_id=kurs.pk)
    if ohne_termin is not None:
        rows = rows.exclude(pk=ohne_termin.pk)
    return rows.select_related("kurs__veranstalter").order_by("beginn", "id")


def _when(termin: Termin) -> str:
    beginn, ende = timezone.localtime(termin.beginn), timezone.localtime(termin.ende)
    return _("am %(tag)s von %(von)s bis %(bis)s Uhr") % {
        "tag": f"{beginn:%d.%m.%Y}",
        "von": f"{beginn:%H:%M}",
        "bis": f"{ende:%H:%M}",
    }


def _what(termin: Termin, kurs: Kurs) -> str:
    """Title of the other course, unless it is another provider's unpublished plan."""
    other = termin.kurs
    if other.status == KursStatus.ENTWURF and other.veranstalter_id != kurs.veranstalter_id:
        return _("in einem noch nicht veröffentlichten Kurs von %(veranstalter)s") % {
            "veranstalter": other.veranstalter.kurzname
        }
    return _("im Kurs „%(titel)s“") % {"titel": other.titel}


def _hits(entwuerfe: Sequence[TerminEntwurf], rows: Iterable[Termin]) -> Iterable[tuple[int, TerminEntwurf, Termin]]:
    rows = list(rows)
    for index, entwurf in enumerate(entwuerfe):
        for row in rows:
            if overlaps(entwurf.beginn, entwurf.ende, row.beginn, row.ende):
                yield index, entwurf, row


def _of_lehrende(kurs: Kurs, entwuerfe: Sequence[TerminEntwurf], others: QuerySet[Termin]) -> list[Konflikt]:
    people = {p.pk: p for p in Person.objects.filter(lehrauftraege__kurs=kurs)}
    if not people:
        return []
    rows = others.filter(kurs__lehrauftraege__person__in=people).prefetch_related("kurs__lehrauftraege").distinct()
    found = []
    for index, _entwurf, row in _hits(entwuerfe, rows):
        for auftrag in row.kurs.lehrauftraege.all():
            if auftrag.person_id in people:
                text = _("%(wer)s unterrichtet schon %(wann)s %(was)s.") % {
                    "wer": people[auftrag.person_id].get_full_name(),
                    "wann": _when(row),
                    "was": _what(row, kurs),
                }
                found.append(Konflikt(LEHRENDE, index, text, row.beginn, row.ende))
    return found


def _of_orte(kurs: Kurs, entwuerfe: Sequence[TerminEntwurf], others: QuerySet[Termin]) -> list[Konflikt]:
    places = {entwurf.ort.pk for entwurf in entwuerfe if entwurf.ort}
    if not places:
        return []
    found = []
    for index, entwurf, row in _hits(
        entwuerfe, others.filter(ort__in=places).select_related("ort", "kurs__veranstalter")
    ):
        if entwurf.ort and row.ort_id == entwurf.ort.pk:
            text = _("%(ort)s ist %(wann)s schon belegt, %(was)s.") % {
                "ort": str(row.ort),
                "wann": _when(row),
                "was": _what(row, kurs),
            }
            found.append(Konflikt(ORT, index, text, row.beginn, row.ende))
    return found


def _of_teilnehmende(kurs: Kurs, entwuerfe: Sequence[TerminEntwurf], others: QuerySet[Termin]) -> list[Konflikt]:
    people = Person.objects.filter(einschreibungen__kurs=kurs, einschreibungen__status__in=AKTIV).values("pk")
    shared = Q(kurs__einschreibungen__status__in=AKTIV, kurs__einschreibungen__person__in=people)
    rows = others.filter(shared).annotate(
        gemeinsam=Count("kurs__einschreibungen__person", filter=shared, distinct=True)
    )
    found = []
    for index, _entwurf, row in _hits(entwuerfe, rows):
        count: int = row.gemeinsam  # type: ignore[attr-defined]
        text = ngettext(
            "%(anzahl)s Person aus diesem Kurs hat %(wann)s schon einen Termin %(was)s.",
            "%(anzahl)s Personen aus diesem Kurs haben %(wann)s schon einen Termin %(was)s.",
            count,
        ) % {"anzahl": count, "wann": _when(row), "was": _what(row, kurs)}
        found.append(Konflikt(TEILNEHMENDE, index, text, row.beginn, row.ende, count))
    return found


def find_konflikte(
    kurs: Kurs, entwuerfe: Sequence[TerminEntwurf], *, ohne_termin: Termin | None = None
) -> list[Konflikt]:
    """Overlaps of the drafts with sessions of other courses, ordered by draft. At most five queries."""
    if not entwuerfe:
        return []
    others = _others(kurs, entwuerfe, ohne_termin)
    found = [
        *_of_lehrende(kurs, entwuerfe, others),
        *_of_orte(kurs, entwuerfe, others),
        *_of_teilnehmende(kurs, entwuerfe, others),
    ]
    return sorted(found, key=lambda konflikt: (konflikt.index, konflikt.art, konflikt.beginn))

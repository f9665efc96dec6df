"""Who may do what with a course: lecturers by guardian on the course, the provider by membership in its roles."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from kurse.planung.models import Kurs, KursUserObjectPermission
from lms.konten.enums import Recht
from lms.konten.models import Person
from lms.konten.rechte import hat_recht, organisationen_mit_recht, remembered_rechte


def _holds(person: Person, codename: str, kurs: Kurs) -> bool:
    if not getattr(person, "pk", None):
        return False
    rows = KursUserObjectPermission.objects.filter(user=person, content_object=kurs)
    known = getattr(person, "_kursrechte_gemerkt", None)
    if known is None:
        return rows.filter(permission__codename=codename).exists()
    if kurs.pk not in known:
        known[kurs.pk] = set(rows.values_list("permission__codename", flat=True))
    return codename in known[kurs.pk]


@contextmanager
def remembered_kursrechte(person: Person) -> Iterator[None]:
    """Inside the block, rights on courses and organisations are read once: for tabs, never in services."""
    if not getattr(person, "pk", None) or getattr(person, "_kursrechte_gemerkt", None) is not None:
        yield
        return
    person._kursrechte_gemerkt = {}  # type: ignore[attr-defined]
    try:
        with remembered_rechte(person):
            yield
    finally:
        del person._kursrechte_gemerkt  # type: ignore[attr-defined]


def may_manage(person: Person, kurs: Kurs) -> bool:
    """Plan, publish, cancel: the provider's course administration."""
    return hat_recht(person, Recht.KURSE_VERWALTEN, kurs.veranstalter_id)


def may_record(person: Person, kurs: Kurs) -> bool:
    """Record attendance: lecturers of the course and the provider."""
    return _holds(person, "anwesenheit_erfassen", kurs) or may_manage(person, kurs)


def may_grade(person: Person, kurs: Kurs) -> bool:
    """Set and grade assignments: lecturers of the course and the provider."""
    return _holds(person, "bewerten", kurs) or may_manage(person, kurs)


def may_confirm(person: Person, kurs: Kurs) -> bool:
    """Decide module results: the provider's examination office."""
    return hat_recht(person, Recht.ERGEBNISSE_BESTAETIGEN, kurs.veranstalter_id)


def may_issue(person: Person, kurs: Kurs) -> bool:
    """Issue and revoke certificates: the provider's examination office."""
    return hat_recht(person, Recht.ZERTIFIKATE_AUSSTELLEN, kurs.veranstalter_id)


def may_see_teilnehmende(person: Person, kurs: Kurs) -> bool:
    """See the list of participants: lecturers, course administration and examination office."""
    return may_record(person, kurs) or may_confirm(person, kurs)


def require(allowed: bool) -> None:
    """Raise `PermissionDenied` (403); objects that one may not see at all are 404 by their selector."""
    if not allowed:
        raise PermissionDenied


def kurse_taught_by(person: Person) -> QuerySet[Kurs]:
    return Kurs.objects.filter(lehrauftraege__person=person)


def kurse_managed_by(person: Person, *rechte: str) -> QuerySet[Kurs]:
    """Courses of providers where the person holds any of `rechte` (default: course administration)."""
    return Kurs.objects.filter(veranstalter__in=organisationen_mit_recht(person, *(rechte or (Recht.KURSE_VERWALTEN,))))


def kurse_staffed_by(person: Person) -> QuerySet[Kurs]:
    """Courses where the person teaches, or works for the provider in administration or examination office."""
    if not getattr(person, "pk", None):
        return Kurs.objects.none()
    orgs = organisationen_mit_recht(person, Recht.KURSE_VERWALTEN, Recht.ERGEBNISSE_BESTAETIGEN)
    taught = Kurs.objects.filter(lehrauftraege__person=person).values("pk")
    return Kurs.objects.filter(Q(veranstalter__in=orgs) | Q(pk__in=taught))

"""Who may do what with assignments and results; the rules of the course room, gathered for the pages."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kurse.einschreibung.enums import NIMMT_TEIL
from kurse.einschreibung.models import Einschreibung
from kurse.planung.models import Kurs, KursUserObjectPermission
from kurse.planung.permissions import kurse_managed_by
from lms.konten.enums import Recht
from lms.konten.models import Person
from lms.konten.rechte import rechte_of


@dataclass(frozen=True, slots=True)
class Zugriff:
    """What a person is to the assignments of one course."""

    einschreibung: Einschreibung | None = None
    bewerten: bool = False
    bestaetigen: bool = False

    @property
    def lehrseite(self) -> bool:
        """Lecturers, course administration and examination office see everybody's submissions."""
        return self.bewerten or self.bestaetigen

    @property
    def sieht(self) -> bool:
        return self.lehrseite or self.einschreibung is not None


def zugriff_of(person: Person, kurs: Kurs) -> Zugriff:
    """At most three queries, remembered for the request (on the person object): tabs and views ask several times."""
    if not getattr(person, "pk", None):
        return Zugriff()
    known: dict[int, Zugriff] = person.__dict__.setdefault("_aufgaben_zugriff", {})
    if kurs.pk not in known:
        rechte = rechte_of(person).get(kurs.veranstalter_id, set())
        bewerten = (
            Recht.KURSE_VERWALTEN in rechte
            or KursUserObjectPermission.objects.filter(
                user=person, content_object=kurs, permission__codename="bewerten"
            ).exists()
        )
        row = Einschreibung.objects.filter(kurs=kurs, person=person, status__in=NIMMT_TEIL).first()
        known[kurs.pk] = Zugriff(row, bewerten, Recht.ERGEBNISSE_BESTAETIGEN in rechte)
    return known[kurs.pk]


def kurse_graded_by(person: Person) -> QuerySet[Kurs]:
    """Courses whose submissions the person may grade."""
    granted = KursUserObjectPermission.objects.filter(user=person, permission__codename="bewerten")
    return Kurs.objects.filter(Q(pk__in=granted.values("content_object")) | Q(pk__in=kurse_managed_by(person)))


def kurse_with_abgaben_of(person: Person) -> QuerySet[Kurs]:
    """Courses whose submissions the person may read: those who grade, and the examination office."""
    if not getattr(person, "pk", None):
        return Kurs.objects.none()
    confirmed = kurse_managed_by(person, Recht.ERGEBNISSE_BESTAETIGEN)
    return Kurs.objects.filter(Q(pk__in=kurse_graded_by(person)) | Q(pk__in=confirmed))

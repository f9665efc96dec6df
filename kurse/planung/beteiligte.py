"""Who is affected by a course. Enrolments live in a room above, so they are reached by reverse relations only."""

from django.db.models import Q, QuerySet

from kurse.planung.models import Kurs
from lms.konten.models import Person

#: States of an enrolment that still waits for or takes part in the course (see the enrolment room).
AKTIV = ("beantragt", "warteliste", "angeboten", "zugelassen")
#: States with access to what is only for participants, such as the link to the online room.
TEILNEHMEND = ("zugelassen", "abgeschlossen", "nicht_bestanden")


def interessierte_of(kurs: Kurs) -> QuerySet[Person]:
    """People who hold or wait for a place."""
    return Person.objects.filter(einschreibungen__kurs=kurs, einschreibungen__status__in=AKTIV).distinct()


def betroffene_of(kurs: Kurs) -> QuerySet[Person]:
    """Everybody who has to know when a session changes: people with or waiting for a place, and lecturers."""
    enrolled = Q(einschreibungen__kurs=kurs, einschreibungen__status__in=AKTIV)
    return Person.objects.filter(enrolled | Q(lehrauftraege__kurs=kurs)).filter(is_active=True).distinct()


def nimmt_teil(person: Person, kurs: Kurs) -> bool:
    """Is the person admitted to the course, or was it?"""
    if not getattr(person, "pk", None):
        return False
    return Person.objects.filter(
        pk=person.pk, einschreibungen__kurs=kurs, einschreibungen__status__in=TEILNEHMEND
    ).exists()


def lehrt(person: Person, kurs: Kurs) -> bool:
    return bool(getattr(person, "pk", None)) and kurs.lehrauftraege.filter(person=person).exists()

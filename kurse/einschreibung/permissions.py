"""Who may do what with an enrolment: the person, the employer at the time, the provider of the course."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied

from kurse.einschreibung.models import Einschreibung
from kurse.planung.models import Kurs
from kurse.planung.permissions import may_manage
from lms.konten.enums import Recht
from lms.konten.models import Organisation, Person
from lms.konten.rechte import hat_recht


@dataclass(frozen=True, slots=True)
class Befugnis:
    """In which capacities somebody enrols a person. `akteur=None` is the system (commands): as the provider."""

    selbst: bool
    verwaltet: bool
    genehmigt: bool


def befugnis_for(person: Person, kurs: Kurs, akteur: Person | None, arbeitgeber: Organisation | None) -> Befugnis:
    """Raise `PermissionDenied` when the acting person may not enrol `person` here in any capacity.

    Nobody approves the own enrolment on the way: whoever enrols as a participant asks the employer like anybody else.
    """
    selbst = akteur is not None and akteur.pk == person.pk
    found = Befugnis(
        selbst=selbst,
        verwaltet=akteur is None or may_manage(akteur, kurs),
        genehmigt=not selbst
        and akteur is not None
        and arbeitgeber is not None
        and hat_recht(akteur, Recht.EINSCHREIBUNGEN_GENEHMIGEN, arbeitgeber),
    )
    if not (found.selbst or found.verwaltet or found.genehmigt):
        raise PermissionDenied
    return found


def may_decide(person: Person, einschreibung: Einschreibung) -> bool:
    """Approve or reject for the employer that the person had when enrolling."""
    return hat_recht(person, Recht.EINSCHREIBUNGEN_GENEHMIGEN, einschreibung.arbeitgeber_id)


def may_cancel_own(person: Person, einschreibung: Einschreibung) -> bool:
    return person.pk is not None and person.pk == einschreibung.person_id

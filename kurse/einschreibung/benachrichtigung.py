"""What people are told about an enrolment. Every mail belongs to one line of the audit trail and is written once."""

from typing import Any

from kurse.einschreibung.enums import EinschreibungStatus
from kurse.einschreibung.models import Einschreibung
from lms.core.models import AuditEintrag
from lms.konten.enums import Recht
from lms.konten.models import Person
from lms.post.services import queue_nachricht


def warteplatz(einschreibung: Einschreibung) -> int:
    """Position on the waiting list, counted from 1."""
    return (
        Einschreibung.objects.filter(
            kurs_id=einschreibung.kurs_id,
            status=EinschreibungStatus.WARTELISTE,
            rang__lt=einschreibung.rang,
        ).count()
        + 1
    )


def notify_person(row: Einschreibung, vorlage: str, eintrag: AuditEintrag, **kontext: Any) -> None:
    """Queue `post/einschreibung/<vorlage>.txt` for the person; `row` and its course are in the context."""
    queue_nachricht(
        f"einschreibung:{vorlage}:{eintrag.pk}",
        row.person,
        f"einschreibung/{vorlage}",
        {"einschreibung": row, "kurs": row.kurs, **kontext},
    )


def approvers_of(organisation_id: int) -> list[Person]:
    """People who may approve enrolments for an employer."""
    return list(
        Person.objects.filter(
            is_active=True,
            groups__organisationgroupobjectpermission__content_object_id=organisation_id,
            groups__organisationgroupobjectpermission__permission__codename=Recht.EINSCHREIBUNGEN_GENEHMIGEN,
        ).distinct()
    )


def notify_approvers(row: Einschreibung, eintrag: AuditEintrag) -> None:
    """Tell the employer that somebody waits for an approval; the mail itself names nobody."""
    if row.arbeitgeber_id is None:
        return
    for person in approvers_of(row.arbeitgeber_id):
        queue_nachricht(
            f"einschreibung:genehmigung:{eintrag.pk}:{person.pk}",
            person,
            "einschreibung/genehmigung_angefragt",
            {"kurs": row.kurs},
        )


def notify_enrolled(row: Einschreibung, eintrag: AuditEintrag, *, selbst: bool) -> None:
    """The answer to an enrolment, by the state it led to."""
    kontext: dict[str, Any] = {"selbst": selbst}
    if row.status == EinschreibungStatus.WARTELISTE:
        kontext["platz"] = warteplatz(row)
    notify_person(row, row.status, eintrag, **kontext)

"""Who may read which mail."""

from typing import Any

from django.db.models import Q, QuerySet

from lms.konten.models import Person
from lms.post.models import Nachricht


def nachrichten_for(person: Person) -> QuerySet[Nachricht]:
    """Mails to a person, also those that went to the address before the account existed."""
    return Nachricht.objects.filter(Q(empfaenger=person) | Q(an__iexact=person.email))


def auskunft_post(person: Person) -> list[dict[str, Any]]:
    """What the outbox holds about a person (Art. 15 GDPR)."""
    return [
        {
            "an": row.an,
            "betreff": row.betreff,
            "text": "" if row.vertraulich else row.text,
            "status": row.status,
            "angelegt": row.created_at,
            "gesendet": row.gesendet_at,
        }
        for row in nachrichten_for(person)
    ]

"""What this room and the core hold about a person (Art. 15 and 20 GDPR)."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from lms.core.models import ApiToken, AuditEintrag, Vorgang
from lms.konten.models import Einladung, Person


def auskunft_konten(person: Person) -> dict[str, Any]:
    return {
        "person": {
            "vorname": person.vorname,
            "nachname": person.nachname,
            "geburtsdatum": person.geburtsdatum,
            "email": person.email,
            "angelegt": person.created_at,
            "letzte_anmeldung": person.last_login,
        },
        "email_adressen": list(EmailAddress.objects.filter(user=person).values("email", "verified", "primary")),
        "anmeldeverfahren": list(Authenticator.objects.filter(user=person).values("type", "created_at")),
        "mitgliedschaften": list(person.mitgliedschaften.values("organisation__name", "rolle", "von", "bis")),
        "beschaeftigungen": list(
            person.beschaeftigungen.values(
                "arbeitgeber__name", "von", "bis", "taetigkeit", "qualifikationsstatus", "bestaetigt_at"
            )
        ),
        "einwilligungen": list(
            person.einwilligungen.values(
                "arbeitgeber__name", "kategorie", "text__version", "text__text", "erteilt_at", "widerrufen_at"
            )
        ),
        "einladungen": list(
            Einladung.objects.filter(angenommen_von=person).values(
                "organisation__name", "rolle", "als_beschaeftigte", "email", "created_at", "angenommen_at"
            )
        ),
    }


def auskunft_core(person: Person) -> dict[str, Any]:
    """Tokens without their secret, own jobs, and the trail of one's own acts."""
    return {
        "api_tokens": list(
            ApiToken.objects.filter(person=person).values(
                "bezeichnung", "scopes", "gueltig_bis", "zuletzt_benutzt_at", "widerrufen_at", "created_at"
            )
        ),
        "vorgaenge": list(
            Vorgang.objects.filter(gestartet_von=person).values("public_id", "art", "status", "created_at")
        ),
        "protokoll": list(AuditEintrag.objects.filter(akteur=person).values("at", "aktion", "objekt_typ", "objekt_id")),
    }

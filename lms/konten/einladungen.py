"""Invitations: a link that only the invited address receives. The token itself is stored nowhere, only its SHA-256."""

import hashlib
import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core.audit import record_audit
from lms.core.errors import DomainError
from lms.core.mail import queue_mail, render_vorlage
from lms.konten.beschaeftigungen import add_beschaeftigung, require_personal
from lms.konten.enums import Recht
from lms.konten.models import Einladung, Organisation, Person
from lms.konten.organisationen import require_rolle_passt
from lms.konten.rechte import require_recht
from lms.konten.services import add_mitgliedschaft

GUELTIG = timedelta(days=14)
#: Open invitations per organisation; more is an address list, not a team.
MAX_OFFENE = 500


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find_einladung(token: str) -> Einladung | None:
    """The invitation behind a link, whatever its state; None for an unknown token."""
    rows = Einladung.objects.select_related("organisation", "eingeladen_von")
    return rows.filter(digest=digest_of(token)).first()


def is_open(einladung: Einladung) -> bool:
    return (
        einladung.angenommen_at is None and einladung.widerrufen_at is None and einladung.gueltig_bis > timezone.now()
    )


@transaction.atomic
def invite(
    organisation: Organisation, akteur: Person, *, email: str, rolle: str = "", als_beschaeftigte: bool = False
) -> Einladung:
    """Invite an address to a role (leadership) or as an employee (also those responsible for personnel).

    A new invitation to the same address for the same thing replaces the open one, so a lost mail is repeated by
    inviting again. Raises DomainError: `rolle_fehlt`, `rolle_unpassend`, `kein_arbeitgeber`, `schon_mitglied`,
    `zu_viele_einladungen`.
    """
    _check_invite(organisation, akteur, rolle, als_beschaeftigte)
    email = email.strip().lower()
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    _check_not_yet(organisation, email, rolle, als_beschaeftigte)
    now = timezone.now()
    offene = organisation.einladungen.filter(angenommen_at=None, widerrufen_at=None, gueltig_bis__gt=now)
    offene.filter(email=email, rolle=rolle, als_beschaeftigte=als_beschaeftigte).update(widerrufen_at=now)
    if offene.count() >= MAX_OFFENE:
        raise DomainError("zu_viele_einladungen", _("Es sind schon zu viele Einladungen offen."))
    token = secrets.token_urlsafe(32)
    row = Einladung.objects.create(
        email=email,
        organisation=organisation,
        rolle=rolle,
        als_beschaeftigte=als_beschaeftigte,
        eingeladen_von=akteur,
        digest=digest_of(token),
        gueltig_bis=now + GUELTIG,
    )
    record_audit(akteur, "einladung_verschickt", row, rolle=rolle, als_beschaeftigte=als_beschaeftigte)
    _send(row, token)
    return row


def _check_invite(organisation: Organisation, akteur: Person, rolle: str, als_beschaeftigte: bool) -> None:
    if rolle:
        require_recht(akteur, Recht.MITGLIEDER_VERWALTEN, organisation)
        require_rolle_passt(organisation, rolle)
    else:
        require_personal(akteur, organisation)
    if not rolle and not als_beschaeftigte:
        raise DomainError("rolle_fehlt", _("Bitte wählen Sie, wozu Sie einladen."), field="rolle")
    if als_beschaeftigte and not organisation.ist_arbeitgeber:
        raise DomainError("kein_arbeitgeber", _("Diese Organisation ist nicht als Arbeitgeber eingetragen."))


def _check_not_yet(organisation: Organisation, email: str, rolle: str, als_beschaeftigte: bool) -> None:
    """Only what the organisation knows anyway: its own members and employees."""
    has_role = not rolle or organisation.mitgliedschaften.filter(person__email=email, rolle=rolle, bis=None).exists()
    employed = not als_beschaeftigte or organisation.beschaeftigungen.filter(person__email=email, bis=None).exists()
    if has_role and employed:
        raise DomainError("schon_mitglied", _("Diese Person gehört schon dazu."), field="email")


def _send(row: Einladung, token: str) -> None:
    link = settings.BASE_URL + reverse("einladung", args=[token])
    betreff, text = render_vorlage("einladung", {"einladung": row, "organisation": row.organisation, "link": link})
    queue_mail(f"einladung:{row.public_id}", row.email, betreff, text, vertraulich=True)


@transaction.atomic
def revoke_einladung(einladung: Einladung, akteur: Person) -> None:
    """Take an open invitation back; twice does nothing. Needs the right that inviting needs."""
    if einladung.rolle:
        require_recht(akteur, Recht.MITGLIEDER_VERWALTEN, einladung.organisation_id)
    else:
        require_personal(akteur, einladung.organisation_id)
    row = Einladung.objects.select_for_update().get(pk=einladung.pk)
    if row.angenommen_at is not None:
        raise DomainError("einladung_benutzt", _("Diese Einladung wurde schon angenommen."))
    if row.widerrufen_at is None:
        row.widerrufen_at = timezone.now()
        row.save(update_fields=["widerrufen_at", "updated_at"])
        record_audit(akteur, "einladung_widerrufen", row)


def owns_address(person: Person, email: str) -> bool:
    """Has the person shown to control this address?"""
    return EmailAddress.objects.filter(user=person, email__iexact=email, verified=True).exists()


@transaction.atomic
def accept_einladung(token: str, person: Person) -> Einladung:
    """Take what the invitation behind a link offers. Accepting twice is the same for the same person.

    Raises DomainError: `einladung_unbekannt`, `einladung_benutzt`, `einladung_widerrufen`, `einladung_abgelaufen`,
    `einladung_fremd` (the person has not verified the invited address).
    """
    row = Einladung.objects.select_for_update().filter(digest=digest_of(token)).first()
    if row is None:
        raise DomainError("einladung_unbekannt", _("Diese Einladung gibt es nicht."))
    return _accept(row, person)


@transaction.atomic
def accept_own_einladung(einladung: Einladung, person: Person) -> Einladung:
    """The same without the link, for a person who has verified the invited address. Raises the same errors."""
    return _accept(Einladung.objects.select_for_update().get(pk=einladung.pk), person)


def _accept(row: Einladung, person: Person) -> Einladung:
    if row.angenommen_at is not None and row.angenommen_von_id == person.pk:
        return row
    _check_acceptable(row, person)
    organisation = row.organisation
    if row.rolle:
        require_rolle_passt(organisation, row.rolle)
        add_mitgliedschaft(person, organisation, row.rolle)
    if row.als_beschaeftigte:
        add_beschaeftigung(person, organisation, bestaetigt=True)
    row.angenommen_at, row.angenommen_von = timezone.now(), person
    row.save(update_fields=["angenommen_at", "angenommen_von", "updated_at"])
    record_audit(person, "einladung_angenommen", row)
    return row


def _check_acceptable(row: Einladung, person: Person) -> None:
    if row.angenommen_at is not None:
        raise DomainError("einladung_benutzt", _("Diese Einladung wurde schon angenommen."))
    if row.widerrufen_at is not None:
        raise DomainError("einladung_widerrufen", _("Diese Einladung wurde zurückgenommen."))
    if row.gueltig_bis <= timezone.now():
        raise DomainError("einladung_abgelaufen", _("Diese Einladung ist abgelaufen. Bitten Sie um eine neue."))
    if not owns_address(person, row.email):
        raise DomainError(
            "einladung_fremd",
            _("Die Einladung ging an eine andere Adresse. Melden Sie sich mit dem Konto dieser Adresse an."),
        )

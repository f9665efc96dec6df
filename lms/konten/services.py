"""Acts on people and organisations."""

from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core.audit import record_audit
from lms.core.errors import DomainError
from lms.konten.enums import Datenkategorie, Recht, Rolle
from lms.konten.models import (
    Beschaeftigung,
    Einwilligung,
    Einwilligungstext,
    Mitgliedschaft,
    Organisation,
    Person,
)
from lms.konten.namen import require_name
from lms.konten.organisationen import require_rolle_passt
from lms.konten.rechte import ensure_rollengruppe, require_recht
from lms.konten.selectors import active_on


@transaction.atomic
def create_person(
    email: str,
    vorname: str,
    nachname: str,
    *,
    geburtsdatum: date | None = None,
    password: str | None = None,
    email_bestaetigt: bool = False,
    akteur: Person | None = None,
    **felder: Any,
) -> Person:
    """An account made by an import or a command; returns the existing one of this address unchanged.

    Without `password` the person sets one by “Passwort vergessen”. `email_bestaetigt`: somebody has checked the
    address already, otherwise the first login asks for the confirmation.
    """
    found = Person.objects.filter(email__iexact=email.strip()).first()
    if found is not None:
        return found
    person = Person.objects.create_user(
        email,
        password,
        vorname=require_name(vorname, "vorname"),
        nachname=require_name(nachname, "nachname"),
        geburtsdatum=geburtsdatum,
        **felder,
    )
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=email_bestaetigt)
    record_audit(akteur, "person_angelegt", person)
    return person


@transaction.atomic
def add_mitgliedschaft(
    person: Person, organisation: Organisation, rolle: str, *, akteur: Person | None = None, bis: date | None = None
) -> Mitgliedschaft:
    """Give a role; the person joins the role's group. Returns the existing row if the role is already held.

    `akteur=None` is the system itself (commands, accepted invitations); a person needs `mitglieder_verwalten`.
    Raises DomainError: `rolle_unpassend` (for people; the system is trusted).
    """
    if akteur is not None:
        require_recht(akteur, Recht.MITGLIEDER_VERWALTEN, organisation)
        require_rolle_passt(organisation, rolle)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    found = Mitgliedschaft.objects.filter(person=person, organisation=organisation, rolle=rolle, bis=None).first()
    if found is None:
        found = Mitgliedschaft.objects.create(person=person, organisation=organisation, rolle=rolle, bis=bis)
        record_audit(akteur, "mitgliedschaft_begonnen", found, rolle=rolle)
    person.groups.add(ensure_rollengruppe(organisation, rolle))
    return found


@transaction.atomic
def end_mitgliedschaft(
    mitgliedschaft: Mitgliedschaft, akteur: Person | None, bis: date | None = None
) -> Mitgliedschaft:
    """End a role on `bis` (today by default); the rights end with it at once, or by the hourly sweep later.

    Locks the organisation like `add_mitgliedschaft`, so that giving and ending the same role at the same time leaves
    neither a group without a membership nor the other way round. Raises DomainError: `letzte_leitung`,
    `ende_vor_beginn`, `mitgliedschaft_beendet`.
    """
    if akteur is not None:
        require_recht(akteur, Recht.MITGLIEDER_VERWALTEN, mitgliedschaft.organisation)
    organisation = Organisation.objects.select_for_update().get(pk=mitgliedschaft.organisation_id)
    row = Mitgliedschaft.objects.select_for_update().get(pk=mitgliedschaft.pk)
    if row.bis is not None and row.bis <= timezone.localdate():
        raise DomainError("mitgliedschaft_beendet", _("Diese Rolle ist schon beendet."))
    if akteur is not None and row.rolle == Rolle.LEITUNG:
        _require_other_leitung(organisation, row)
    row.bis = bis or timezone.localdate()
    if row.bis < row.von:
        raise DomainError("ende_vor_beginn", _("Das Ende liegt vor dem Beginn der Mitgliedschaft."), field="bis")
    row.save(update_fields=["bis", "updated_at"])
    if row.bis <= timezone.localdate():
        row.person.groups.remove(ensure_rollengruppe(row.organisation, row.rolle))
    record_audit(akteur, "mitgliedschaft_beendet", row, bis=row.bis.isoformat())
    return row


def _require_other_leitung(organisation: Organisation, row: Mitgliedschaft) -> None:
    others = organisation.mitgliedschaften.filter(rolle=Rolle.LEITUNG, bis=None).exclude(pk=row.pk)
    if not others.exists():
        raise DomainError(
            "letzte_leitung", _("Eine Organisation braucht eine Leitung. Geben Sie die Rolle zuerst weiter.")
        )


@transaction.atomic
def give_einwilligung(person: Person, arbeitgeber: Organisation, kategorie: str) -> Einwilligung:
    """Let `arbeitgeber` see `kategorie` from now on, under the current wording. Giving twice is the same row.

    Raises DomainError: `kein_arbeitgeber` if the person is not employed there, `einwilligungstext_fehlt`.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    if not Beschaeftigung.objects.filter(active_on(), person=person, arbeitgeber=arbeitgeber).exists():
        raise DomainError("kein_arbeitgeber", _("Sie sind bei dieser Organisation nicht beschäftigt."))
    found = Einwilligung.objects.filter(
        person=person, arbeitgeber=arbeitgeber, kategorie=kategorie, widerrufen_at=None
    ).first()
    if found:
        return found
    text = current_einwilligungstext(kategorie)
    row = Einwilligung.objects.create(person=person, arbeitgeber=arbeitgeber, kategorie=kategorie, text=text)
    record_audit(person, "einwilligung_erteilt", row, kategorie=kategorie, text=text.pk)
    return row


@transaction.atomic
def withdraw_einwilligung(person: Person, arbeitgeber: Organisation, kategorie: str) -> None:
    """Withdraw at once and for the future; withdrawing twice does nothing."""
    rows = Einwilligung.objects.select_for_update().filter(
        person=person, arbeitgeber=arbeitgeber, kategorie=kategorie, widerrufen_at=None
    )
    for row in rows:
        row.widerrufen_at = timezone.now()
        row.save(update_fields=["widerrufen_at", "updated_at"])
        record_audit(person, "einwilligung_widerrufen", row, kategorie=kategorie)


def current_einwilligungstext(kategorie: str) -> Einwilligungstext:
    """The wording in force today. Raises DomainError `einwilligungstext_fehlt`."""
    text = (
        Einwilligungstext.objects.filter(kategorie=Datenkategorie(kategorie), gueltig_ab__lte=timezone.localdate())
        .order_by("-version")
        .first()
    )
    if text is None:
        raise DomainError("einwilligungstext_fehlt", _("Für diese Einwilligung ist noch kein Text hinterlegt."))
    return text


def end_expired_mitgliedschaften(heute: date | None = None) -> int:
    """Take the group of every membership that has ended; reconciles, so it may run any number of times."""
    heute = heute or timezone.localdate()
    still_in_group = {
        "person__groups__rollengruppe__organisation": F("organisation"),
        "person__groups__rollengruppe__rolle": F("rolle"),
    }
    ended = 0
    rows = Mitgliedschaft.objects.filter(bis__lte=heute, **still_in_group).select_related("person", "organisation")
    for row in rows.distinct():
        with transaction.atomic():
            Organisation.objects.select_for_update().get(pk=row.organisation_id)
            same = Mitgliedschaft.objects.filter(person=row.person, organisation=row.organisation, rolle=row.rolle)
            if not same.exclude(bis__lte=heute).exists():
                row.person.groups.remove(ensure_rollengruppe(row.organisation, row.rolle))
                ended += 1
    return ended

"""A person's master data: names and date of birth, and who may change them until when.

The audit trail names the changed fields, never the values: a former first name must not be disclosed or explored
(SBGG § 13), and certificates keep the name of their day in their own frozen snapshot.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core.audit import record_audit
from lms.core.errors import DomainError
from lms.konten.models import Person
from lms.konten.namen import require_name

Sperre = Callable[[Person], str]
_sperren: list[Sperre] = []
STAMMDATEN = ("vorname", "nachname", "geburtsdatum")


def register_sperre(sperre: Sperre) -> None:
    """Rooms above register what fixes the master data; `sperre(person)` returns a German sentence or an empty text."""
    if sperre not in _sperren:
        _sperren.append(sperre)


def sperrgruende(person: Person) -> list[str]:
    """Why the person can no longer change name and date of birth alone; empty when they can."""
    return [grund for sperre in _sperren if (grund := sperre(person))]


@transaction.atomic
def update_stammdaten(
    person: Person, akteur: Person, *, vorname: str, nachname: str, geburtsdatum: date | None
) -> Person:
    """Change names and date of birth: the person itself until something official rests on them, operators always.

    Raises DomainError: `stammdaten_gesperrt`, `name_fehlt`, `name_ungueltig`, `geburtsdatum_unmoeglich`.
    """
    if akteur.pk != person.pk and not akteur.is_staff:
        raise PermissionDenied
    row = Person.objects.select_for_update().get(pk=person.pk)
    new: dict[str, Any] = {"vorname": vorname, "nachname": nachname, "geburtsdatum": geburtsdatum}
    for name in ("vorname", "nachname"):
        if new[name] != getattr(row, name):
            new[name] = require_name(new[name], name)
    changed = [name for name in STAMMDATEN if getattr(row, name) != new[name]]
    if not changed:
        return row
    _check_stammdaten(row, akteur, new, changed)
    for name in changed:
        setattr(row, name, new[name])
    row.save(update_fields=[*changed, "updated_at"])
    record_audit(akteur, "stammdaten_geaendert", row, felder=changed)
    return row


def _check_stammdaten(row: Person, akteur: Person, new: dict, changed: list[str]) -> None:
    grund = "" if akteur.is_staff else " ".join(sperrgruende(row))
    completes = changed == ["geburtsdatum"] and row.geburtsdatum is None
    if grund and not completes:
        raise DomainError("stammdaten_gesperrt", grund)
    check_geburtsdatum(new["geburtsdatum"])


def check_geburtsdatum(value: date | None) -> None:
    """Raise DomainError `geburtsdatum_unmoeglich` for a date in the future or more than 120 years ago."""
    today = timezone.localdate()
    if value is not None and not (today.year - 120 <= value.year and value <= today):
        raise DomainError("geburtsdatum_unmoeglich", _("Bitte prüfen Sie das Geburtsdatum."), field="geburtsdatum")

"""Acts on an organisation itself, and which roles fit it."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lms.core.audit import record_audit
from lms.core.errors import DomainError
from lms.konten.enums import Recht, Rolle
from lms.konten.models import Organisation, Person
from lms.konten.rechte import require_recht

#: What the leadership may change itself. What an organisation *is*, and so which roles it can give, operators set.
EDITABLE = ("name", "kurzname", "traegerart", "kreis", "strasse", "plz", "ort", "email", "stunden_pro_ects")


def rollen_for(organisation: Organisation) -> list[Rolle]:
    """Roles that make sense here. The state office's role must never be available to anyone else's leadership."""
    lehrt = organisation.ist_hochschule or organisation.ist_bildungstraeger
    fits = {
        Rolle.LEITUNG: True,
        Rolle.KATALOGREDAKTION: lehrt,
        Rolle.KURSVERWALTUNG: lehrt,
        Rolle.PRUEFUNGSAMT: lehrt,
        Rolle.LEHRENDE: lehrt,
        Rolle.PERSONALVERANTWORTUNG: organisation.ist_arbeitgeber,
        Rolle.FACHSTELLE: organisation.ist_landesfachstelle,
    }
    return [rolle for rolle in Rolle if fits[rolle]]


def require_rolle_passt(organisation: Organisation, rolle: str) -> None:
    if rolle not in rollen_for(organisation):
        raise DomainError("rolle_unpassend", _("Diese Rolle gibt es bei dieser Organisation nicht."), field="rolle")


@transaction.atomic
def update_organisation(organisation: Organisation, akteur: Person, **felder: Any) -> Organisation:
    """Change name, address and the like; needs `mitglieder_verwalten`. Every version is kept in the history."""
    require_recht(akteur, Recht.MITGLIEDER_VERWALTEN, organisation)
    unknown = set(felder) - set(EDITABLE)
    if unknown:
        raise DomainError("feld_gesperrt", _("Dieses Feld ändert nur der Betrieb."), field=min(unknown))
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    changed = [name for name, value in felder.items() if getattr(row, name) != value]
    if not changed:
        return row
    if "name" in changed and Organisation.objects.filter(name=felder["name"]).exclude(pk=row.pk).exists():
        raise DomainError("name_vergeben", _("Eine Organisation mit diesem Namen gibt es schon."), field="name")
    for name in changed:
        setattr(row, name, felder[name])
    row.save(update_fields=[*changed, "updated_at"])
    record_audit(akteur, "organisation_geaendert", row, felder=sorted(changed))
    return row

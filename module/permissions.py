"""Who may do what with a catalogue: guardian rights on it, held by the role groups of its partners."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from guardian.shortcuts import assign_perm

from lms.konten.enums import Recht
from lms.konten.models import Organisation, Person
from lms.konten.rechte import gruppen_mit_recht
from module.models import Modulkatalog, ModulkatalogGroupObjectPermission

BEARBEITEN = "bearbeiten"
FREIGEBEN = "freigeben"
#: Right on the catalogue → right on the partner organisation whose roles get it.
_RECHT_DER_ROLLE = {BEARBEITEN: Recht.KATALOG_BEARBEITEN, FREIGEBEN: Recht.KATALOG_FREIGEBEN}


def grant_katalogrechte(katalog: Modulkatalog, organisation: Organisation) -> None:
    """Give the partner's role groups their rights on the catalogue; granting twice changes nothing."""
    for recht, recht_der_rolle in _RECHT_DER_ROLLE.items():
        for group in gruppen_mit_recht(organisation, recht_der_rolle):
            assign_perm(recht, group, katalog)


def _granted(person: Person, *rechte: str) -> QuerySet[ModulkatalogGroupObjectPermission]:
    if not getattr(person, "pk", None):
        return ModulkatalogGroupObjectPermission.objects.none()
    return ModulkatalogGroupObjectPermission.objects.filter(group__user=person, permission__codename__in=rechte)


def kataloge_mit_recht(person: Person, *rechte: str) -> QuerySet[Modulkatalog]:
    """Catalogues on which the person holds any of `rechte` (default: any right at all)."""
    granted = _granted(person, *(rechte or _RECHT_DER_ROLLE)).values("content_object_id")
    return Modulkatalog.objects.filter(pk__in=granted)


def hat_katalogrecht(person: Person, recht: str, katalog_id: int) -> bool:
    return _granted(person, recht).filter(content_object_id=katalog_id).exists()


def katalogrechte_of(person: Person, katalog_id: int) -> set[str]:
    """All rights of the person on one catalogue, in one query."""
    return set(
        _granted(person, *_RECHT_DER_ROLLE)
        .filter(content_object_id=katalog_id)
        .values_list("permission__codename", flat=True)
    )


def require_katalogrecht(person: Person, recht: str, katalog_id: int) -> None:
    """Raise `PermissionDenied` (403) unless the person holds `recht` on the catalogue."""
    if not hat_katalogrecht(person, recht, katalog_id):
        raise PermissionDenied(recht)


def partner_vertreten_durch(person: Person, recht: str, katalog_id: int) -> QuerySet[Organisation]:
    """Partners of the catalogue in whose name the person may use `recht`: the right comes from their role group."""
    groups = _granted(person, recht).filter(content_object_id=katalog_id).values("group_id")
    return Organisation.objects.filter(
        katalogpartner__katalog_id=katalog_id, rollengruppen__group_id__in=groups
    ).distinct()

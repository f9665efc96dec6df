"""Rights follow membership: each role of an organisation is one auth group that holds the object permissions.

Lists use `organisationen_mit_recht` (a join, no per-row checks); single checks use `hat_recht`. Both answer from the
rights of the roles, never from a copied list, and a superuser has no special row here: operators work in the admin.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from guardian.shortcuts import assign_perm

from lms.konten.enums import RECHTE_JE_ROLLE, Recht, Rolle
from lms.konten.models import Organisation, OrganisationGroupObjectPermission, Person, Rollengruppe

#: Any of these rights lets a person look after the employees of an employer.
PERSONALRECHTE = (Recht.MITGLIEDER_VERWALTEN, Recht.EINSCHREIBUNGEN_GENEHMIGEN)


def ensure_rollengruppe(organisation: Organisation, rolle: str) -> Group:
    """The auth group of a role; created with its object permissions when missing."""
    found = Rollengruppe.objects.select_related("group").filter(organisation=organisation, rolle=rolle).first()
    if found:
        return found.group
    group, _created = Group.objects.get_or_create(name=f"organisation:{organisation.public_id}:{rolle}")
    Rollengruppe.objects.get_or_create(organisation=organisation, rolle=rolle, defaults={"group": group})
    for recht in sorted(RECHTE_JE_ROLLE[rolle]):
        assign_perm(recht, group, organisation)
    return group


def gruppen_mit_recht(organisation: Organisation, recht: str) -> list[Group]:
    """Groups of the organisation's roles that carry `recht`; object permissions elsewhere are granted to them."""
    return [ensure_rollengruppe(organisation, rolle) for rolle in Rolle.values if recht in RECHTE_JE_ROLLE[rolle]]


def organisationen_mit_recht(person: Person, *rechte: str) -> QuerySet[Organisation]:
    """Organisations on which the person holds any of `rechte`; an anonymous visitor holds none."""
    if not getattr(person, "pk", None):
        return Organisation.objects.none()
    granted = OrganisationGroupObjectPermission.objects.filter(
        group__user=person, permission__codename__in=rechte
    ).values("content_object_id")
    return Organisation.objects.filter(pk__in=granted)


def hat_recht(person: Person, recht: str, organisation: Organisation | int | None) -> bool:
    """One indexed query; `organisation` may be an object or a primary key."""
    pk = getattr(organisation, "pk", organisation)
    if not getattr(person, "pk", None) or pk is None:
        return False
    known = getattr(person, "_rechte_gemerkt", None)
    if known is not None:
        return recht in known.get(pk, ())
    return OrganisationGroupObjectPermission.objects.filter(
        content_object_id=pk, permission__codename=recht, group__user=person
    ).exists()


@contextmanager
def remembered_rechte(person: Person) -> Iterator[None]:
    """Inside the block, single checks for this person answer from one read of all rights: for tabs and menus.

    Only for what a page shows; services check outside of it and always read.
    """
    if not getattr(person, "pk", None) or getattr(person, "_rechte_gemerkt", None) is not None:
        yield
        return
    person._rechte_gemerkt = rechte_of(person)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del person._rechte_gemerkt  # type: ignore[attr-defined]


def require_recht(person: Person, recht: str, organisation: Organisation | int | None) -> None:
    """Raise `PermissionDenied` (403) unless the person holds `recht` on the organisation."""
    if not hat_recht(person, recht, organisation):
        raise PermissionDenied(recht)


def rechte_of(person: Person) -> dict[int, set[str]]:
    """All rights of a person by organisation id, in one query: for pages that decide many buttons."""
    if not getattr(person, "pk", None):
        return {}
    found: dict[int, set[str]] = {}
    rows: Iterable[tuple[int, str]] = OrganisationGroupObjectPermission.objects.filter(group__user=person).values_list(
        "content_object_id", "permission__codename"
    )
    for pk, codename in rows:
        found.setdefault(pk, set()).add(codename)
    return found


@dataclass(frozen=True, slots=True)
class Rollenrecht:
    """One right on one organisation, with what kind of organisation it is."""

    recht: str
    ist_arbeitgeber: bool
    veranstaltet: bool


def rollenrechte(request: HttpRequest) -> list[Rollenrecht]:
    """All rights of the person who asks, read once per request: the navigation needs them on every page."""
    found: list[Rollenrecht] | None = getattr(request, "_rollenrechte", None)
    if found is None:
        user = getattr(request, "user", None)
        found = _read_rollenrechte(user.pk) if user is not None and user.is_authenticated else []
        request._rollenrechte = found  # type: ignore[attr-defined]
    return found


def _read_rollenrechte(person_pk: int) -> list[Rollenrecht]:
    org = "content_object__ist_"
    kinds = (f"{org}arbeitgeber", f"{org}bildungstraeger", f"{org}hochschule", f"{org}landesfachstelle")
    rows = OrganisationGroupObjectPermission.objects.filter(group__user=person_pk)
    return [
        Rollenrecht(recht, arbeitgeber, any(andere))
        for recht, arbeitgeber, *andere in rows.values_list("permission__codename", *kinds)
    ]


def has_landesweit(person: Person) -> bool:
    return organisationen_mit_recht(person, Recht.LANDESWEIT_EINSEHEN).exists()

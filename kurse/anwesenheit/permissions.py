"""Rights on sessions as annotations: the same answers as `kurse.planung.permissions`, without a query of their own."""

from django.contrib.auth.models import Permission
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from kurse.planung.models import Kurs, KursUserObjectPermission, Termin
from lms.konten.enums import Recht
from lms.konten.models import OrganisationGroupObjectPermission, Person

# Written as SQL because this stands in every saved list: building the same from nested `Exists` costs more CPU than
# all other statements of that request together. A test compares the answers with those of planning.
_PERMISSION = Permission._meta.db_table
_TERMIN = Termin._meta.db_table
_LEHRT = f"""EXISTS (
    SELECT 1 FROM {KursUserObjectPermission._meta.db_table} p JOIN {_PERMISSION} r ON r.id = p.permission_id
    WHERE p.user_id = %s AND p.content_object_id = {_TERMIN}.kurs_id AND r.codename = 'anwesenheit_erfassen')"""  # noqa: S608
_HAT_RECHT = f"""EXISTS (
    SELECT 1 FROM {OrganisationGroupObjectPermission._meta.db_table} p
    JOIN {_PERMISSION} r ON r.id = p.permission_id
    JOIN {Person.groups.through._meta.db_table} g ON g.group_id = p.group_id
    JOIN {Kurs._meta.db_table} k ON k.veranstalter_id = p.content_object_id
    WHERE g.person_id = %s AND k.id = {_TERMIN}.kurs_id AND r.codename = %s)"""  # noqa: S608


def with_rechte(termine: QuerySet[Termin], person: Person) -> QuerySet[Termin]:
    """Annotate `darf_erfassen`, `darf_verwalten` (course administration) and `darf_einsehen` for one person."""
    lehrt = [person.pk]
    verwaltet = [person.pk, Recht.KURSE_VERWALTEN.value]
    prueft = [person.pk, Recht.ERGEBNISSE_BESTAETIGEN.value]

    def condition(sql: str, params: list) -> RawSQL:
        return RawSQL(sql, params, output_field=BooleanField())  # noqa: S611  (fixed SQL, parameters bound)

    return termine.annotate(
        darf_verwalten=condition(_HAT_RECHT, verwaltet),
        darf_erfassen=condition(f"({_LEHRT} OR {_HAT_RECHT})", lehrt + verwaltet),
        darf_einsehen=condition(f"({_LEHRT} OR {_HAT_RECHT} OR {_HAT_RECHT})", lehrt + verwaltet + prueft),
    )

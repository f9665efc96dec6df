"""Rights on sessions as annotations: the same answers as `kurse.planung.permissions`, without a query per row."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from kurse.planung.models import KursUserObjectPermission, Termin
from lms.konten.enums import Recht
from lms.konten.models import OrganisationGroupObjectPermission, Person


def with_rechte(termine: QuerySet[Termin], person: Person) -> QuerySet[Termin]:
    """Annotate `darf_erfassen`, `darf_verwalten` (course administration) and `darf_einsehen` for one person."""
    lehrt = KursUserObjectPermission.objects.filter(
        user_id=person.pk, content_object=OuterRef("kurs_id"), permission__codename="anwesenheit_erfassen"
    )
    held = OrganisationGroupObjectPermission.objects.filter(
        group__user=person.pk, content_object=OuterRef("kurs__veranstalter_id")
    )
    verwaltet = Exists(held.filter(permission__codename=Recht.KURSE_VERWALTEN))
    prueft = Exists(held.filter(permission__codename=Recht.ERGEBNISSE_BESTAETIGEN))
    return termine.annotate(
        darf_verwalten=verwaltet,
        darf_erfassen=Q(Exists(lehrt)) | Q(verwaltet),
        darf_einsehen=Q(Exists(lehrt)) | Q(verwaltet) | Q(prueft),
    )

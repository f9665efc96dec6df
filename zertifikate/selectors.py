"""Which certificates a person may see, and why."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from lms.konten.enums import Datenkategorie, Recht
from lms.konten.models import Einwilligung, Person
from lms.konten.rechte import organisationen_mit_recht
from lms.konten.selectors import active_on
from zertifikate.models import Zertifikat


def zertifikate_of(person: Person) -> QuerySet[Zertifikat]:
    """The person's own certificates, newest first."""
    return Zertifikat.objects.filter(person=person).select_related("aussteller").order_by("-ausgestellt_am", "-id")


def register_for(akteur: Person) -> QuerySet[Zertifikat]:
    """Certificates of the issuers whose examination office `akteur` works in."""
    orgs = organisationen_mit_recht(akteur, Recht.ZERTIFIKATE_AUSSTELLEN)
    return Zertifikat.objects.filter(aussteller__in=orgs).select_related("aussteller", "person")


def shared_with_arbeitgeber(akteur: Person) -> QuerySet[Zertifikat]:
    """Certificates of employees who let their present employer see copies."""
    orgs = organisationen_mit_recht(akteur, Recht.FORTSCHRITT_EINSEHEN)
    consent = Einwilligung.objects.filter(
        person=OuterRef("person"),
        arbeitgeber__in=orgs,
        kategorie=Datenkategorie.ZERTIFIKATE,
        widerrufen_at=None,
        arbeitgeber__beschaeftigungen__person=OuterRef("person"),
    ).filter(active_on(prefix="arbeitgeber__beschaeftigungen__"))
    return Zertifikat.objects.filter(Exists(consent)).select_related("aussteller", "person")


def visible_zertifikate(akteur: Person) -> QuerySet[Zertifikat]:
    """Own, issued by one's office, or shared with one's organisation as employer."""
    if not getattr(akteur, "pk", None):
        return Zertifikat.objects.none()
    return Zertifikat.objects.filter(
        Q(person=akteur)
        | Q(pk__in=register_for(akteur).values("pk"))
        | Q(pk__in=shared_with_arbeitgeber(akteur).values("pk"))
    ).select_related("aussteller", "person", "einschreibung__kurs")


def zertifikat_or_404(akteur: Person, public_id: str) -> Zertifikat:
    return get_object_or_404(visible_zertifikate(akteur), public_id=public_id)


def issued_zertifikat_or_404(akteur: Person, public_id: str) -> Zertifikat:
    """Only for the issuer's examination office."""
    return get_object_or_404(register_for(akteur), public_id=public_id)


def search_register(rows: QuerySet[Zertifikat], suche: str) -> QuerySet[Zertifikat]:
    """By number, verification code or name; the name is looked up in the person, never put into a URL by us."""
    for word in suche.split():
        rows = rows.filter(
            Q(nummer__icontains=word)
            | Q(pruefcode__icontains=word)
            | Q(person__nachname__icontains=word)
            | Q(person__vorname__icontains=word)
        )
    return rows

"""Who employs whom, who belongs where, and what employers may see."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from lms.konten.enums import Datenkategorie, Recht
from lms.konten.models import (
    Beschaeftigung,
    Einladung,
    Einwilligung,
    Einwilligungstext,
    Mitgliedschaft,
    Organisation,
    Person,
)
from lms.konten.rechte import PERSONALRECHTE, organisationen_mit_recht


def active_on(day: object = None, prefix: str = "") -> Q:
    """Filter for rows with `von`/`bis` (bis inclusive) that are in force on `day` (today), behind `prefix`."""
    day = day or timezone.localdate()
    begun = Q(**{f"{prefix}von__lte": day})
    return begun & (Q(**{f"{prefix}bis__isnull": True}) | Q(**{f"{prefix}bis__gte": day}))


def role_held(day: object = None) -> Q:
    """Filter for rows that still run after `day` (today): a role that ends today has ended at once."""
    day = day or timezone.localdate()
    return Q(von__lte=day) & (Q(bis=None) | Q(bis__gt=day))


def current_arbeitgeber(person: Person) -> list[Organisation]:
    """Employers of a person today, the newest employment first."""
    rows = person.beschaeftigungen.filter(active_on()).select_related("arbeitgeber").order_by("-von", "-id")
    return [row.arbeitgeber for row in rows]


def beschaeftigungen_for(akteur: Person, recht: str = Recht.FORTSCHRITT_EINSEHEN) -> QuerySet[Beschaeftigung]:
    """Current employments at the organisations where `akteur` holds `recht`."""
    return (
        Beschaeftigung.objects.filter(active_on(), arbeitgeber__in=organisationen_mit_recht(akteur, recht))
        .select_related("person", "arbeitgeber")
        .order_by("person__nachname", "person__vorname", "id")
    )


def with_einwilligung(rows: QuerySet[Beschaeftigung], kategorie: str) -> QuerySet[Beschaeftigung]:
    """Annotate employments with `eingewilligt`: does a consent of this category hold now?"""
    consent = Einwilligung.objects.filter(
        person=OuterRef("person"), arbeitgeber=OuterRef("arbeitgeber"), kategorie=kategorie, widerrufen_at=None
    )
    return rows.annotate(eingewilligt=Exists(consent))


def has_einwilligung(person: Person, arbeitgeber: Organisation, kategorie: str) -> bool:
    return Einwilligung.objects.filter(
        person=person, arbeitgeber=arbeitgeber, kategorie=kategorie, widerrufen_at=None
    ).exists()


def organisationen_for(person: Person) -> QuerySet[Organisation]:
    """Organisations whose pages a person may open: those where it holds a role today."""
    held = Mitgliedschaft.objects.filter(role_held(), person=person)
    return Organisation.objects.filter(pk__in=held.values("organisation_id"))


def mitgliedschaften_for(akteur: Person) -> QuerySet[Mitgliedschaft]:
    """Own roles, and all roles in the organisations whose members the person manages."""
    managed = organisationen_mit_recht(akteur, Recht.MITGLIEDER_VERWALTEN)
    return Mitgliedschaft.objects.filter(
        Q(person=akteur) | Q(organisation__in=managed),
    ).select_related("person", "organisation")


def own_rollen(person: Person) -> list[Mitgliedschaft]:
    """Roles held today, in the order of the organisations' names."""
    rows = person.mitgliedschaften.filter(role_held()).select_related("organisation")
    return list(rows.order_by("organisation__name", "rolle"))


def personal_for(akteur: Person) -> QuerySet[Beschaeftigung]:
    """Own employments, and all at the employers whose employees the person looks after."""
    managed = organisationen_mit_recht(akteur, *PERSONALRECHTE)
    return Beschaeftigung.objects.filter(
        Q(person=akteur) | Q(arbeitgeber__in=managed),
    ).select_related("person", "arbeitgeber")


@dataclass(frozen=True, slots=True)
class Einwilligungsstand:
    """One decision of the consent page: an employer, a category, the wording in force and what was decided last."""

    arbeitgeber: Organisation
    kategorie: Datenkategorie
    text: Einwilligungstext | None
    letzte: Einwilligung | None

    @property
    def erteilt(self) -> bool:
        return self.letzte is not None and self.letzte.widerrufen_at is None

    @property
    def veraltet(self) -> bool:
        """Given under an earlier wording; it still holds for what that wording said."""
        return self.erteilt and self.text is not None and self.letzte.text_id != self.text.pk  # type: ignore[union-attr]


def current_texte() -> dict[str, Einwilligungstext]:
    """The wording in force today by category, in one query."""
    rows = Einwilligungstext.objects.filter(gueltig_ab__lte=timezone.localdate()).order_by("version")
    return {row.kategorie: row for row in rows}


def einwilligungsstaende(person: Person, arbeitgeber: list[Organisation]) -> list[Einwilligungsstand]:
    """Every decision a person can take today, with the last one taken; two queries."""
    rows = Einwilligung.objects.filter(person=person, arbeitgeber__in=arbeitgeber).select_related("text")
    last = {(row.arbeitgeber_id, row.kategorie): row for row in rows.order_by("id")}
    texte = current_texte()
    return [
        Einwilligungsstand(org, kategorie, texte.get(kategorie), last.get((org.pk, kategorie)))
        for org in arbeitgeber
        for kategorie in Datenkategorie
    ]


def open_einladungen_for(person: Person) -> QuerySet[Einladung]:
    """Open invitations to an address that the person has verified."""
    addresses = EmailAddress.objects.filter(user=person, verified=True).values("email")
    return offene_einladungen().filter(email__in=addresses)


def offene_einladungen() -> QuerySet[Einladung]:
    now = timezone.now()
    rows = Einladung.objects.filter(angenommen_at=None, widerrufen_at=None, gueltig_bis__gt=now)
    return rows.select_related("organisation")


def einladungen_for(akteur: Person, *, auch_erledigte: bool = False) -> QuerySet[Einladung]:
    """Invitations to an own verified address, and those that the person may take back."""
    rows = Einladung.objects.select_related("organisation") if auch_erledigte else offene_einladungen()
    addresses = EmailAddress.objects.filter(user=akteur, verified=True).values("email")
    leads = organisationen_mit_recht(akteur, Recht.MITGLIEDER_VERWALTEN)
    personnel = organisationen_mit_recht(akteur, *PERSONALRECHTE)
    return rows.filter(
        Q(email__in=addresses) | Q(organisation__in=leads) | Q(organisation__in=personnel, rolle=""),
    )

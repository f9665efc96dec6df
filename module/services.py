"""Acts on the catalogue: module versions are drafted, submitted, released by every partner, superseded."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core.audit import record_audit
from lms.core.errors import DomainError
from lms.konten.models import Organisation, Person
from module import benachrichtigung
from module.enums import VERSION_TRANSITIONS, FreigabeEntscheidung, VersionStatus
from module.felder import INHALTSFELDER, fehlende_felder, feldname
from module.models import Freigabe, Katalogpartner, Modul, Modulkatalog, Modulversion
from module.permissions import (
    BEARBEITEN,
    FREIGEBEN,
    grant_katalogrechte,
    partner_vertreten_durch,
    require_katalogrecht,
)

BEARBEITBAR = (VersionStatus.ENTWURF, VersionStatus.ZURUECKGEGEBEN)
OFFEN = (*BEARBEITBAR, VersionStatus.EINGEREICHT)


# --- catalogue and partners -----------------------------------------------------------------------------------------
@transaction.atomic
def create_katalog(
    *,
    titel: str,
    federfuehrend: Organisation,
    partner: Iterable[Organisation] = (),
    beschreibung: str = "",
    akteur: Person | None = None,
) -> Modulkatalog:
    """Create a catalogue with its leading partner and further partners. For operators and commands; rights of the
    partners' members follow from their roles. Returns the existing catalogue of that title."""
    katalog, created = Modulkatalog.objects.get_or_create(titel=titel, defaults={"beschreibung": beschreibung})
    if created:
        record_audit(akteur, "katalog_angelegt", katalog)
    _add_partner(katalog, federfuehrend, akteur, federfuehrend=created)
    for organisation in partner:
        _add_partner(katalog, organisation, akteur)
    return katalog


@transaction.atomic
def add_katalogpartner(katalog: Modulkatalog, organisation: Organisation, akteur: Person | None) -> Katalogpartner:
    """Make an organisation a partner with equal say. A version under review then waits for its decision too.

    `akteur=None` is the system; a person must hold `freigeben` through the leading partner. Adding twice is the same.
    """
    if akteur is not None:
        leading = partner_vertreten_durch(akteur, FREIGEBEN, katalog.pk).filter(
            katalogpartner__katalog=katalog, katalogpartner__federfuehrend=True
        )
        if not leading.exists():
            raise PermissionDenied(FREIGEBEN)
    return _add_partner(katalog, organisation, akteur)


def _add_partner(
    katalog: Modulkatalog, organisation: Organisation, akteur: Person | None, *, federfuehrend: bool = False
) -> Katalogpartner:
    Modulkatalog.objects.select_for_update().get(pk=katalog.pk)
    row, created = Katalogpartner.objects.get_or_create(
        katalog=katalog, organisation=organisation, defaults={"federfuehrend": federfuehrend}
    )
    grant_katalogrechte(katalog, organisation)
    if created:
        record_audit(akteur, "katalogpartner_aufgenommen", katalog, organisation=organisation.public_id)
    return row


# --- drafts ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def create_modul(
    akteur: Person, katalog: Modulkatalog, *, code: str, titel: str, verantwortlich: Organisation, **felder: Any
) -> Modulversion:
    """A new module with version 1 as a draft. Needs `bearbeiten` on the catalogue.

    Raises DomainError: `modulcode_vergeben`, `kein_katalogpartner`, `feld_ungueltig`.
    """
    require_katalogrecht(akteur, BEARBEITEN, katalog.pk)
    Modulkatalog.objects.select_for_update().get(pk=katalog.pk)
    if not katalog.katalogpartner.filter(organisation=verantwortlich).exists():
        raise DomainError(
            "kein_katalogpartner",
            _("Verantwortlich kann nur eine Organisation sein, die Partnerin des Katalogs ist."),
            field="verantwortlich",
        )
    code = code.strip()
    if katalog.module.filter(code__iexact=code).exists():
        raise DomainError(
            "modulcode_vergeben",
            _("Der Modulcode „%(code)s“ ist in diesem Katalog schon vergeben.") % {"code": code},
            field="code",
        )
    modul = Modul(katalog=katalog, code=code, titel=titel, verantwortlich=verantwortlich)
    _clean(modul)
    modul.save()
    version = Modulversion(modul=modul, nummer=1, titel=titel, bearbeitet_von=akteur)
    _apply(version, felder)
    version.save()
    record_audit(akteur, "modul_angelegt", modul, code=code)
    return version


@transaction.atomic
def create_version(modul: Modul, akteur: Person) -> Modulversion:
    """Begin a change: a draft that copies the published version. An open draft is returned instead of a second one."""
    require_katalogrecht(akteur, BEARBEITEN, modul.katalog_id)
    Modul.objects.select_for_update().get(pk=modul.pk)
    open_draft = modul.versionen.filter(status__in=OFFEN).first()
    if open_draft:
        return open_draft
    base = modul.versionen.order_by("-nummer").first()
    if base is None:
        raise DomainError("keine_version", _("Zu diesem Modul gibt es noch keine Version."))
    version = Modulversion(modul=modul, nummer=next_nummer(modul), bearbeitet_von=akteur)
    for name in INHALTSFELDER:
        setattr(version, name, getattr(base, name))
    version.gueltig_ab = None
    version.save()
    record_audit(akteur, "modulversion_angelegt", version, nummer=version.nummer, vorlage=base.nummer)
    return version


@transaction.atomic
def update_version(version: Modulversion, akteur: Person, *, stand: str | None = None, **felder: Any) -> Modulversion:
    """Change fields of a draft. `stand` is what `stand_of` gave when the form was opened.

    Raises DomainError: `version_unveraenderlich`, `inzwischen_geaendert`, `feld_ungueltig`.
    """
    require_katalogrecht(akteur, BEARBEITEN, version.modul.katalog_id)
    row = lock_version(version)
    if row.status not in BEARBEITBAR:
        raise DomainError("version_unveraenderlich", _unveraenderlich(row))
    if stand is not None and stand != stand_of(row):
        raise DomainError(
            "inzwischen_geaendert",
            _(
                "Diese Version wurde inzwischen geändert. Ihre Eingaben sind noch da; bitte vergleichen Sie unten "
                "und speichern Sie dann noch einmal."
            ),
        )
    changed = _apply(row, felder)
    if changed:
        row.bearbeitet_von = akteur
        row.save()
        record_audit(akteur, "modulversion_geaendert", row, felder=changed)
    return row


@transaction.atomic
def delete_entwurf(version: Modulversion, akteur: Person) -> None:
    """Discard a draft that was never submitted; the module goes with it if it has no other version.

    Raises DomainError `version_unveraenderlich` once it was submitted: decisions of partners are kept.
    """
    require_katalogrecht(akteur, BEARBEITEN, version.modul.katalog_id)
    row = lock_version(version)
    if row.status != VersionStatus.ENTWURF or row.runde:
        raise DomainError("version_unveraenderlich", _("Nur ein nie eingereichter Entwurf kann verworfen werden."))
    modul = row.modul
    record_audit(akteur, "modulversion_verworfen", row, modul=modul.public_id, nummer=row.nummer)
    row.delete()
    if not modul.versionen.exists() and not modul.bausteine.exists():
        modul.delete()


# --- review ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def submit_version(version: Modulversion, akteur: Person) -> Modulversion:
    """Hand a draft to all partners; each submission is a new round. Submitting twice is the same.

    Raises DomainError: `pflichtfelder_fehlen` (details: `felder`), `uebergang_unzulaessig`, `katalog_ohne_partner`.
    """
    require_katalogrecht(akteur, BEARBEITEN, version.modul.katalog_id)
    row = lock_version(version)
    if row.status == VersionStatus.EINGEREICHT:
        return row
    VERSION_TRANSITIONS.check(row.status, VersionStatus.EINGEREICHT, _("Die Modulversion"))
    missing = fehlende_felder(row)
    if missing:
        raise DomainError(
            "pflichtfelder_fehlen",
            _("Vor dem Einreichen fehlen noch: %(felder)s.")
            % {"felder": ", ".join(feldname(row, name) for name in missing)},
            details={"felder": missing},
        )
    if not row.modul.katalog.katalogpartner.exists():
        raise DomainError("katalog_ohne_partner", _("Der Katalog hat keine Partner, die freigeben könnten."))
    row.status, row.runde, row.eingereicht_at = VersionStatus.EINGEREICHT, row.runde + 1, timezone.now()
    row.save(update_fields=["status", "runde", "eingereicht_at", "updated_at"])
    benachrichtigung.eingereicht(row, akteur)
    record_audit(akteur, "modulversion_eingereicht", row, runde=row.runde)
    return row


@transaction.atomic
def decide_freigabe(
    version: Modulversion, organisation: Organisation, akteur: Person, *, entscheidung: str, kommentar: str = ""
) -> Freigabe:
    """One partner releases the version or returns it with a comment; the last release publishes it.

    A partner decides once per round; the same decision again returns the existing row. Raises PermissionDenied
    unless `akteur` may release in the name of this partner, DomainError: `nicht_eingereicht`, `schon_entschieden`,
    `kommentar_fehlt`.
    """
    if not partner_vertreten_durch(akteur, FREIGEBEN, version.modul.katalog_id).filter(pk=organisation.pk).exists():
        raise PermissionDenied(FREIGEBEN)
    entscheidung, kommentar = FreigabeEntscheidung(entscheidung), kommentar.strip()
    row = lock_version(version)
    found = Freigabe.objects.filter(version=row, organisation=organisation, runde=row.runde).first()
    if found:
        return _same_decision(found, entscheidung)
    if row.status != VersionStatus.EINGEREICHT:
        raise DomainError("nicht_eingereicht", _("Diese Version wartet nicht auf eine Entscheidung."))
    if entscheidung == FreigabeEntscheidung.ZURUECKGEGEBEN and not kommentar:
        raise DomainError("kommentar_fehlt", _("Bitte begründen Sie die Rückgabe."), field="kommentar")
    freigabe = Freigabe.objects.create(
        version=row,
        organisation=organisation,
        runde=row.runde,
        entscheidung=entscheidung,
        kommentar=kommentar,
        person=akteur,
    )
    record_audit(akteur, f"modulversion_{entscheidung}", row, runde=row.runde, organisation=organisation.public_id)
    if entscheidung == FreigabeEntscheidung.ZURUECKGEGEBEN:
        row.status = VersionStatus.ZURUECKGEGEBEN
        row.save(update_fields=["status", "updated_at"])
        benachrichtigung.zurueckgegeben(row, freigabe)
    elif all_partner_released(row):
        publish_locked(row, akteur)
        benachrichtigung.veroeffentlicht(row)
    return freigabe


def _same_decision(found: Freigabe, entscheidung: str) -> Freigabe:
    if found.entscheidung != entscheidung:
        raise DomainError(
            "schon_entschieden",
            _("%(organisation)s hat in dieser Runde schon entschieden: %(entscheidung)s.")
            % {"organisation": found.organisation.name, "entscheidung": found.get_entscheidung_display()},
        )
    return found


def all_partner_released(version: Modulversion) -> bool:
    """Has every partner of today released the version in its current round?"""
    released = Freigabe.objects.filter(
        version=version, runde=version.runde, entscheidung=FreigabeEntscheidung.FREIGEGEBEN
    ).values("organisation_id")
    return not Katalogpartner.objects.filter(katalog=version.modul.katalog).exclude(organisation__in=released).exists()


def publish_locked(version: Modulversion, akteur: Person | None) -> None:
    """Publish a version whose module row is locked; the version published before becomes `abgeloest`."""
    for old in version.modul.versionen.filter(status=VersionStatus.VEROEFFENTLICHT).exclude(pk=version.pk):
        VERSION_TRANSITIONS.check(old.status, VersionStatus.ABGELOEST)
        old.status = VersionStatus.ABGELOEST
        old.save(update_fields=["status", "updated_at"])
    version.status, version.veroeffentlicht_at = VersionStatus.VEROEFFENTLICHT, timezone.now()
    version.gueltig_ab = version.gueltig_ab or timezone.localdate()
    version.save()
    Modul.objects.filter(pk=version.modul_id).update(titel=version.titel)
    record_audit(akteur, "modulversion_veroeffentlicht", version, nummer=version.nummer)


# --- inside ---------------------------------------------------------------------------------------------------------
def lock_version(version: Modulversion) -> Modulversion:
    """Lock the module (so one act at a time on all its versions) and read the version anew."""
    Modul.objects.select_for_update().get(pk=version.modul_id)
    return Modulversion.objects.select_related("modul__katalog", "modul__verantwortlich").get(pk=version.pk)


def next_nummer(modul: Modul) -> int:
    return (modul.versionen.aggregate(top=Max("nummer"))["top"] or 0) + 1


def stand_of(version: Modulversion) -> str:
    """The state a form was opened on; compared when it is saved."""
    return version.updated_at.isoformat()


def _apply(version: Modulversion, felder: dict[str, Any]) -> list[str]:
    """Set fields and validate them; the names that really changed."""
    unknown = set(felder) - set(INHALTSFELDER)
    if unknown:
        raise TypeError(f"no fields of a version: {sorted(unknown)}")
    changed = [name for name, value in felder.items() if getattr(version, name) != value]
    for name in changed:
        setattr(version, name, felder[name])
    _clean(version)
    for name in ("praesenz_stunden", "selbststudium_stunden", "praxis_stunden", "stunden_gesamt"):
        value = getattr(version, name)
        if value is not None and value < 0:
            raise DomainError("feld_ungueltig", _("Stunden können nicht negativ sein."), field=name)
    return changed


def _clean(row: Modul | Modulversion) -> None:
    try:
        row.clean_fields(exclude=["modul", "katalog", "verantwortlich", "bearbeitet_von"])
    except ValidationError as exc:
        name, texts = next(iter(exc.message_dict.items()))
        raise DomainError("feld_ungueltig", texts[0], field=name) from exc


def _unveraenderlich(version: Modulversion) -> str:
    if version.status == VersionStatus.EINGEREICHT:
        return _("Diese Version liegt den Partnern zur Entscheidung vor und kann gerade nicht geändert werden.")
    return _("Eine veröffentlichte Version ist unveränderlich. Legen Sie für eine Änderung eine neue Version an.")

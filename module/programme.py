"""Acts on programmes: versions are drafted from parts, published, superseded. Published versions never change."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core.audit import record_audit
from lms.core.errors import DomainError
from lms.konten.models import Person
from module.enums import VERSION_TRANSITIONS, BausteinArt, VersionStatus
from module.models import Baustein, Modul, Modulkatalog, Modulversion, Programm, Programmversion
from module.permissions import BEARBEITEN, FREIGEBEN, require_katalogrecht

FELDER = (
    "abschluss",
    "zielgruppe",
    "zugang",
    "format",
    "dauer",
    "ue_gesamt",
    "stunden_gesamt",
    "ects_gesamt",
    "angaben",
    "anwesenheitsregel",
    "quelle",
    "quelle_url",
)
BAUSTEINFELDER = ("art", "modul", "titel", "gruppe", "gruppe_mindestens", "ue", "stunden", "ects")


@transaction.atomic
def create_programm(
    akteur: Person, katalog: Modulkatalog, *, titel: str, einrichtung: str = "", **felder: Any
) -> Programmversion:
    """A new programme with version 1 as a draft. Needs `bearbeiten` on the catalogue."""
    require_katalogrecht(akteur, BEARBEITEN, katalog.pk)
    programm = Programm.objects.create(katalog=katalog, titel=titel, einrichtung=einrichtung)
    version = Programmversion(programm=programm, nummer=1)
    _apply(version, felder)
    version.save()
    record_audit(akteur, "programm_angelegt", programm)
    return version


@transaction.atomic
def create_programmversion(programm: Programm, akteur: Person) -> Programmversion:
    """Begin a change: a draft with the same parts. An open draft is returned instead of a second one."""
    require_katalogrecht(akteur, BEARBEITEN, programm.katalog_id)
    Programm.objects.select_for_update().get(pk=programm.pk)
    base = programm.versionen.order_by("-nummer").first()
    if base is None:
        raise DomainError("keine_version", _("Zu diesem Programm gibt es noch keine Version."))
    if base.status == VersionStatus.ENTWURF:
        return base
    version = Programmversion(programm=programm, nummer=next_nummer(programm))
    for name in FELDER:
        setattr(version, name, getattr(base, name))
    version.save()
    for row in base.bausteine.all():
        values = {name: getattr(row, name) for name in (*BAUSTEINFELDER, "reihenfolge")}
        Baustein.objects.create(programmversion=version, **values)
    record_audit(akteur, "programmversion_angelegt", version, nummer=version.nummer)
    return version


@transaction.atomic
def update_programmversion(version: Programmversion, akteur: Person, **felder: Any) -> Programmversion:
    """Change fields of a draft. Raises DomainError `version_unveraenderlich`, `feld_ungueltig`."""
    row = _lock_draft(version, akteur)
    _apply(row, felder)
    row.save()
    record_audit(akteur, "programmversion_geaendert", row, felder=sorted(felder))
    return row


@transaction.atomic
def add_baustein(version: Programmversion, akteur: Person, **felder: Any) -> Baustein:
    """Append a part. A part with a module takes the module's title when none is given.

    Raises DomainError: `version_unveraenderlich`, `modul_schon_enthalten`, `modul_fremd`, `titel_fehlt`,
    `gruppe_fehlt`, `feld_ungueltig`.
    """
    row = _lock_draft(version, akteur)
    modul: Modul | None = felder.get("modul")
    if modul is not None:
        _check_modul(row, modul)
    felder["titel"] = (felder.get("titel") or "").strip() or (modul.titel if modul else "")
    if not felder["titel"]:
        raise DomainError("titel_fehlt", _("Bitte wählen Sie ein Modul oder nennen Sie einen Titel."), field="titel")
    if felder.get("art") == BausteinArt.WAHLPFLICHT and not (felder.get("gruppe") or "").strip():
        raise DomainError("gruppe_fehlt", _("Bitte nennen Sie die Gruppe, aus der gewählt wird."), field="gruppe")
    top = row.bausteine.aggregate(top=Max("reihenfolge"))["top"]
    baustein = Baustein(programmversion=row, reihenfolge=0 if top is None else top + 1, **felder)
    _clean(baustein)
    baustein.save()
    if baustein.gruppe and baustein.gruppe_mindestens is not None:
        row.bausteine.filter(gruppe=baustein.gruppe).update(gruppe_mindestens=baustein.gruppe_mindestens)
    record_audit(akteur, "baustein_aufgenommen", row, baustein=baustein.pk)
    return baustein


def _check_modul(version: Programmversion, modul: Modul) -> None:
    if modul.katalog_id != version.programm.katalog_id:
        raise DomainError("modul_fremd", _("Das Modul gehört nicht zu diesem Katalog."), field="modul")
    if version.bausteine.filter(modul=modul).exists():
        raise DomainError("modul_schon_enthalten", _("Das Modul ist schon ein Teil des Programms."), field="modul")


@transaction.atomic
def remove_baustein(version: Programmversion, reihenfolge: int, akteur: Person) -> None:
    """Take a part out of a draft; taking it out twice does nothing."""
    row = _lock_draft(version, akteur)
    removed, _detail = row.bausteine.filter(reihenfolge=reihenfolge).delete()
    if removed:
        record_audit(akteur, "baustein_entfernt", row, reihenfolge=reihenfolge)


@transaction.atomic
def move_baustein(version: Programmversion, reihenfolge: int, akteur: Person, *, nach_oben: bool) -> None:
    """Swap a part with its neighbour; at the end of the list nothing happens."""
    row = _lock_draft(version, akteur)
    parts = list(row.bausteine.order_by("reihenfolge"))
    index = next((i for i, part in enumerate(parts) if part.reihenfolge == reihenfolge), None)
    other = None if index is None else index + (-1 if nach_oben else 1)
    if index is None or other is None or not 0 <= other < len(parts):
        return
    one, two = parts[index], parts[other]
    first, second = one.reihenfolge, two.reihenfolge
    free = parts[-1].reihenfolge + 1
    for part, value in ((one, free), (two, first), (one, second)):
        Baustein.objects.filter(pk=part.pk).update(reihenfolge=value)
    record_audit(akteur, "baustein_verschoben", row, von=first, nach=second)


@transaction.atomic
def publish_programmversion(version: Programmversion, akteur: Person) -> Programmversion:
    """Publish a draft; the version published before becomes `abgeloest`. Needs `freigeben` on the catalogue.

    Raises DomainError: `programm_leer`, `modul_unveroeffentlicht`. Publishing twice is the same.
    """
    require_katalogrecht(akteur, FREIGEBEN, version.programm.katalog_id)
    Programm.objects.select_for_update().get(pk=version.programm_id)
    row = Programmversion.objects.select_related("programm").get(pk=version.pk)
    if row.status == VersionStatus.VEROEFFENTLICHT:
        return row
    if row.status != VersionStatus.ENTWURF:
        raise DomainError("version_unveraenderlich", _("Eine abgelöste Version kann nicht veröffentlicht werden."))
    if not row.bausteine.exists():
        raise DomainError("programm_leer", _("Bitte nehmen Sie zuerst mindestens einen Teil auf."))
    published = Modulversion.objects.filter(status=VersionStatus.VEROEFFENTLICHT).values("modul_id")
    waiting = row.bausteine.exclude(modul=None).exclude(modul__in=published)
    if waiting.exists():
        raise DomainError(
            "modul_unveroeffentlicht",
            _("Diese Module haben noch keine veröffentlichte Version: %(titel)s.")
            % {"titel": ", ".join(part.titel for part in waiting)},
        )
    publish_locked(row, akteur)
    return row


def publish_locked(version: Programmversion, akteur: Person | None) -> None:
    """Publish a version whose programme row is locked."""
    for old in version.programm.versionen.filter(status=VersionStatus.VEROEFFENTLICHT).exclude(pk=version.pk):
        VERSION_TRANSITIONS.check(old.status, VersionStatus.ABGELOEST)
        old.status = VersionStatus.ABGELOEST
        old.save(update_fields=["status", "updated_at"])
    version.status = VersionStatus.VEROEFFENTLICHT
    version.gueltig_ab = version.gueltig_ab or timezone.localdate()
    version.save()
    record_audit(akteur, "programmversion_veroeffentlicht", version, nummer=version.nummer)


def next_nummer(programm: Programm) -> int:
    return (programm.versionen.aggregate(top=Max("nummer"))["top"] or 0) + 1


def _lock_draft(version: Programmversion, akteur: Person) -> Programmversion:
    require_katalogrecht(akteur, BEARBEITEN, version.programm.katalog_id)
    Programm.objects.select_for_update().get(pk=version.programm_id)
    row = Programmversion.objects.select_related("programm").get(pk=version.pk)
    if row.status != VersionStatus.ENTWURF:
        raise DomainError(
            "version_unveraenderlich",
            _("Eine veröffentlichte Version ist unveränderlich. Legen Sie für eine Änderung eine neue Version an."),
        )
    return row


def _apply(version: Programmversion, felder: dict[str, Any]) -> None:
    unknown = set(felder) - set(FELDER)
    if unknown:
        raise TypeError(f"no fields of a programme version: {sorted(unknown)}")
    for name, value in felder.items():
        setattr(version, name, value)
    _clean(version)


def _clean(row: Programmversion | Baustein) -> None:
    try:
        row.clean_fields(exclude=["programm", "programmversion", "modul", "anwesenheitsregel"])
    except ValidationError as exc:
        name, texts = next(iter(exc.message_dict.items()))
        raise DomainError("feld_ungueltig", texts[0], field=name) from exc
    for name in ("ue", "stunden", "ects", "ue_gesamt", "stunden_gesamt", "ects_gesamt"):
        value = getattr(row, name, None)
        if value is not None and value < 0:
            raise DomainError("feld_ungueltig", _("Bitte geben Sie keine negative Zahl ein."), field=name)

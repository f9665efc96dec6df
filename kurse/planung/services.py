"""Acts on courses, lecturers and places. Acts on sessions are in `termine.py` and handed on from here."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm, remove_perm

from kurse.planung import ereignisse
from kurse.planung.checkliste import checkliste_of, missing_of
from kurse.planung.enums import KURS_TRANSITIONS, KursArt, KursStatus, Lehrrolle
from kurse.planung.models import Kurs, Lehrauftrag, Ort
from kurse.planung.nachrichten import tell_absage
from kurse.planung.permissions import may_manage, require
from kurse.planung.regeln import clean_or_raise, require_grund
from kurse.planung.termine import (
    add_termine,
    cancel_open_termine,
    cancel_termin,
    delete_termin,
    lock_kurs,
    move_termin,
    update_termin,
)
from lms.core.audit import record_audit
from lms.core.errors import DomainError
from lms.konten.enums import Recht
from lms.konten.models import Organisation, Person
from lms.konten.rechte import require_recht
from module.enums import VersionStatus
from module.models import Katalogpartner, Modulversion

__all__ = [
    "add_termine",
    "assign_lehrauftrag",
    "cancel_kurs",
    "cancel_termin",
    "complete_kurs",
    "create_kurs",
    "create_ort",
    "delete_ort",
    "delete_termin",
    "move_termin",
    "publish_kurs",
    "remove_lehrauftrag",
    "update_kurs",
    "update_ort",
    "update_termin",
]

KURS_FELDER = frozenset(
    {
        "art", "modulversion", "nummer", "titel", "beschreibung", "modus", "kreis", "kapazitaet", "mindestteilnehmende",
        "anmeldung_von", "anmeldung_bis", "genehmigung_noetig", "entgelt", "foerdermittelgeber", "barrierefreiheit",
    }
)  # fmt: skip
#: A course stays what it is once people can see it.
FEST_NACH_VEROEFFENTLICHUNG = ("art", "modulversion_id")
ORT_FELDER = frozenset({"name", "strasse", "plz", "ort", "kreis", "barrierefreiheit", "plaetze"})
#: Rights on the course that follow from teaching it.
RECHTE_DER_LEHRROLLE = {
    Lehrrolle.LEITUNG: ("leiten", "anwesenheit_erfassen", "bewerten"),
    Lehrrolle.MITWIRKUNG: ("anwesenheit_erfassen", "bewerten"),
}


def _set_fields(row: Any, felder: dict[str, Any], erlaubt: frozenset[str]) -> None:
    unknown = set(felder) - erlaubt
    if unknown:
        raise TypeError(f"unknown fields: {sorted(unknown)}")
    for name, value in felder.items():
        setattr(row, name, value)


def _check_modulversion(kurs: Kurs) -> None:
    """A module course runs a published version of a catalogue that its provider owns together with others."""
    version: Modulversion | None = kurs.modulversion
    if kurs.art == KursArt.MODULKURS and version is None:
        raise DomainError("modulversion_fehlt", _("Bitte wählen Sie das Modul."), field="modulversion")
    if version is None:
        return
    if version.status != VersionStatus.VEROEFFENTLICHT:
        raise DomainError(
            "modulversion_nicht_freigegeben",
            _("Kurse entstehen nur aus der freigegebenen Version eines Moduls."),
            field="modulversion",
        )
    partner = Katalogpartner.objects.filter(katalog__module=version.modul_id, organisation_id=kurs.veranstalter_id)
    if not partner.exists():
        raise DomainError(
            "kein_katalogpartner",
            _("Der Veranstalter gehört nicht zu den Partnern dieses Modulkatalogs."),
            field="modulversion",
        )


def _check_kurs(kurs: Kurs) -> None:
    if kurs.anmeldung_bis <= kurs.anmeldung_von:
        raise DomainError(
            "anmeldefenster", _("Die Anmeldung muss enden, nachdem sie begonnen hat."), field="anmeldung_bis"
        )
    if kurs.kapazitaet < kurs.belegt:
        raise DomainError(
            "kapazitaet_unter_belegt",
            _("Es sind schon %(belegt)s Plätze vergeben; weniger geht nicht.") % {"belegt": kurs.belegt},
            field="kapazitaet",
        )
    if kurs.mindestteilnehmende > kurs.kapazitaet:
        raise DomainError(
            "mindestzahl_zu_gross",
            _("Die Mindestzahl darf nicht größer sein als die Zahl der Plätze."),
            field="mindestteilnehmende",
        )
    if Kurs.objects.filter(veranstalter=kurs.veranstalter_id, nummer=kurs.nummer).exclude(pk=kurs.pk).exists():
        raise DomainError("kursnummer_vergeben", _("Diese Kursnummer gibt es schon."), field="nummer")
    clean_or_raise(kurs, exclude=["belegt", "status"])


def _next_nummer(veranstalter: Organisation) -> str:
    """The provider's row is locked, so two courses never get the same number."""
    prefix = f"{timezone.localdate().year}-"
    taken = set(veranstalter.kurse.filter(nummer__startswith=prefix).values_list("nummer", flat=True))
    count = len(taken) + 1
    while f"{prefix}{count:03d}" in taken:
        count += 1
    return f"{prefix}{count:03d}"


@transaction.atomic
def create_kurs(akteur: Person, *, veranstalter: Organisation, **felder: Any) -> Kurs:
    """Plan a course as a draft. Title and number are proposed when they are missing.

    Raises PermissionDenied; DomainError: `kein_veranstalter`, `modulversion_fehlt`, `modulversion_nicht_freigegeben`,
    `kein_katalogpartner`, `anmeldefenster`, `mindestzahl_zu_gross`, `kursnummer_vergeben`, `eingabe_ungueltig`.
    """
    require_recht(akteur, Recht.KURSE_VERWALTEN, veranstalter)
    org = Organisation.objects.select_for_update().get(pk=veranstalter.pk)
    if not (org.ist_bildungstraeger or org.ist_hochschule or org.ist_landesfachstelle):
        raise DomainError(
            "kein_veranstalter",
            _("Kurse veranstalten Hochschulen, Bildungsträger und die Landesfachstelle."),
            field="veranstalter",
        )
    kurs = Kurs(veranstalter=org, kreis=org.kreis)
    _set_fields(kurs, felder, KURS_FELDER)
    kurs.nummer = (kurs.nummer or "").strip() or _next_nummer(org)
    _check_modulversion(kurs)
    kurs.titel = (kurs.titel or "").strip() or (kurs.modulversion.titel if kurs.modulversion else "")
    _check_kurs(kurs)
    kurs.save()
    record_audit(akteur, "kurs_angelegt", kurs, veranstalter=org.public_id)
    return kurs


@transaction.atomic
def update_kurs(kurs: Kurs, akteur: Person, **felder: Any) -> Kurs:
    """Change a draft or published course. Art and module version are fixed once it is published.

    Raises PermissionDenied; DomainError as `create_kurs`, and `kurs_beendet`, `modulversion_fest`,
    `kapazitaet_unter_belegt`. More places promote the waiting list in the same transaction.
    """
    row = lock_kurs(kurs)
    require(may_manage(akteur, row))
    if row.status not in (KursStatus.ENTWURF, KursStatus.VEROEFFENTLICHT):
        raise DomainError("kurs_beendet", _("Ein abgesagter oder abgeschlossener Kurs wird nicht mehr geändert."))
    before = {name: getattr(row, name) for name in (*FEST_NACH_VEROEFFENTLICHUNG, "kapazitaet", "nummer")}
    _set_fields(row, felder, KURS_FELDER)
    fixed = row.status != KursStatus.ENTWURF
    if fixed and any(getattr(row, name) != before[name] for name in FEST_NACH_VEROEFFENTLICHUNG):
        raise DomainError(
            "modulversion_fest",
            _("Der Kurs ist veröffentlicht und bleibt bei seinem Modul und seiner Version."),
            field="modulversion",
        )
    if not fixed and {"art", "modulversion"} & set(felder):
        _check_modulversion(row)
    row.nummer = row.nummer.strip() or before["nummer"]
    row.titel = row.titel.strip() or (row.modulversion.titel if row.modulversion else "")
    _check_kurs(row)
    row.save(update_fields=[*felder, "updated_at"])
    record_audit(akteur, "kurs_geaendert", row, felder=sorted(felder))
    if row.kapazitaet != before["kapazitaet"]:
        ereignisse.fire(ereignisse.KAPAZITAET_GEAENDERT, row)
        row.refresh_from_db(fields=["belegt"])
    return row


@transaction.atomic
def publish_kurs(kurs: Kurs, akteur: Person, *, vergangen_erlaubt: bool = False) -> Kurs:
    """Show the course to everybody and open the enrolment in its window; publishing twice does nothing.

    `vergangen_erlaubt` accepts an enrolment window that is over (imports of the past).
    Raises PermissionDenied; DomainError: `kurs_unvollstaendig` (details: codes of the missing points).
    """
    row = lock_kurs(kurs)
    require(may_manage(akteur, row))
    if row.status == KursStatus.VEROEFFENTLICHT:
        return row
    KURS_TRANSITIONS.check(row.status, KursStatus.VEROEFFENTLICHT, _("Der Kurs"))
    missing = [p for p in missing_of(checkliste_of(row)) if not (vergangen_erlaubt and p.code == "anmeldung")]
    if missing:
        raise DomainError(
            "kurs_unvollstaendig",
            _("Zum Veröffentlichen fehlt noch: %(punkte)s.") % {"punkte": ", ".join(str(p.titel) for p in missing)},
            details={"fehlt": [point.code for point in missing]},
        )
    row.status = KursStatus.VEROEFFENTLICHT
    row.save(update_fields=["status", "updated_at"])
    record_audit(akteur, "kurs_veroeffentlicht", row, modulversion=row.modulversion and row.modulversion.public_id)
    ereignisse.fire(ereignisse.KURS_VEROEFFENTLICHT, row)
    return row


@transaction.atomic
def cancel_kurs(kurs: Kurs, akteur: Person, grund: str) -> Kurs:
    """Cancel the whole course; sessions that are still ahead are cancelled with it. Everybody concerned gets one mail.

    Raises PermissionDenied; DomainError: `grund_fehlt`, `uebergang_unzulaessig`.
    """
    row = lock_kurs(kurs)
    require(may_manage(akteur, row))
    if row.status == KursStatus.ABGESAGT:
        return row
    grund = require_grund(grund)
    KURS_TRANSITIONS.check(row.status, KursStatus.ABGESAGT, _("Der Kurs"))
    was_public = row.status == KursStatus.VEROEFFENTLICHT
    row.status, row.absagegrund = KursStatus.ABGESAGT, grund
    row.save(update_fields=["status", "absagegrund", "updated_at"])
    cancel_open_termine(row, akteur, grund)
    if was_public:
        tell_absage(row)
    record_audit(akteur, "kurs_abgesagt", row)
    ereignisse.fire(ereignisse.KURS_ABGESAGT, row)
    return row


@transaction.atomic
def complete_kurs(kurs: Kurs, akteur: Person) -> Kurs:
    """Close a course whose sessions are all over. Raises PermissionDenied; DomainError `kurs_laeuft_noch`."""
    row = lock_kurs(kurs)
    require(may_manage(akteur, row))
    if row.status == KursStatus.ABGESCHLOSSEN:
        return row
    KURS_TRANSITIONS.check(row.status, KursStatus.ABGESCHLOSSEN, _("Der Kurs"))
    if row.termine.filter(status="geplant", ende__gt=timezone.now()).exists():
        raise DomainError(
            "kurs_laeuft_noch", _("Es stehen noch Termine aus. Sagen Sie diese ab oder warten Sie sie ab.")
        )
    row.status = KursStatus.ABGESCHLOSSEN
    row.save(update_fields=["status", "updated_at"])
    record_audit(akteur, "kurs_abgeschlossen", row)
    ereignisse.fire(ereignisse.KURS_ABGESCHLOSSEN, row)
    return row


# --- lecturers ------------------------------------------------------------------------------------------------------


@transaction.atomic
def assign_lehrauftrag(kurs: Kurs, person: Person, akteur: Person, rolle: str = Lehrrolle.LEITUNG) -> Lehrauftrag:
    """Name a lecturer and grant the rights of the role on the course. Naming again changes the role only.

    Raises PermissionDenied; DomainError: `lehrrolle_unbekannt`, `kurs_beendet`, `konto_inaktiv`.
    """
    row = lock_kurs(kurs)
    require(may_manage(akteur, row))
    if rolle not in Lehrrolle.values:
        raise DomainError("lehrrolle_unbekannt", _("Diese Rolle gibt es nicht."), field="rolle")
    if row.status == KursStatus.ABGESAGT:
        raise DomainError("kurs_beendet", _("Der Kurs ist abgesagt."))
    if not person.is_active:
        raise DomainError("konto_inaktiv", _("Dieses Konto ist nicht mehr aktiv."), field="person")
    auftrag, created = Lehrauftrag.objects.get_or_create(kurs=row, person=person, defaults={"rolle": rolle})
    if not created and auftrag.rolle == rolle:
        return auftrag
    if not created:
        auftrag.rolle = rolle
        auftrag.save(update_fields=["rolle", "updated_at"])
    _grant(row, person, RECHTE_DER_LEHRROLLE[Lehrrolle(rolle)])
    record_audit(akteur, "lehrauftrag_erteilt", row, person=person.public_id, rolle=rolle)
    return auftrag


def _grant(kurs: Kurs, person: Person, rechte: tuple[str, ...]) -> None:
    for codename in RECHTE_DER_LEHRROLLE[Lehrrolle.LEITUNG]:
        change = assign_perm if codename in rechte else remove_perm
        change(codename, person, kurs)


@transaction.atomic
def remove_lehrauftrag(lehrauftrag: Lehrauftrag, akteur: Person) -> None:
    """End the assignment and its rights; removing twice does nothing. Raises PermissionDenied."""
    row = lock_kurs(lehrauftrag.kurs)
    require(may_manage(akteur, row))
    found = Lehrauftrag.objects.select_related("person").filter(pk=lehrauftrag.pk).first()
    if found is None:
        return
    _grant(row, found.person, ())
    record_audit(akteur, "lehrauftrag_beendet", row, person=found.person.public_id)
    found.delete()


# --- places ---------------------------------------------------------------------------------------------------------


def _save_ort(ort: Ort, felder: dict[str, Any]) -> None:
    _set_fields(ort, felder, ORT_FELDER)
    if Ort.objects.filter(organisation=ort.organisation_id, name=ort.name, ort=ort.ort).exclude(pk=ort.pk).exists():
        raise DomainError("ort_vorhanden", _("Diesen Ort gibt es schon."), field="name")
    clean_or_raise(ort)
    ort.save()


@transaction.atomic
def create_ort(akteur: Person, *, organisation: Organisation, **felder: Any) -> Ort:
    """Add a place. Raises PermissionDenied; DomainError: `ort_vorhanden`, `eingabe_ungueltig`."""
    require_recht(akteur, Recht.KURSE_VERWALTEN, organisation)
    ort = Ort(organisation=Organisation.objects.select_for_update().get(pk=organisation.pk))
    _save_ort(ort, felder)
    record_audit(akteur, "ort_angelegt", ort)
    return ort


@transaction.atomic
def update_ort(ort: Ort, akteur: Person, /, **felder: Any) -> Ort:
    row = Ort.objects.select_for_update().get(pk=ort.pk)
    require_recht(akteur, Recht.KURSE_VERWALTEN, row.organisation_id)
    _save_ort(row, felder)
    record_audit(akteur, "ort_geaendert", row, felder=sorted(felder))
    return row


@transaction.atomic
def delete_ort(ort: Ort, akteur: Person) -> None:
    """Remove a place that no session uses. Raises PermissionDenied; DomainError `ort_benutzt`."""
    row = Ort.objects.select_for_update().filter(pk=ort.pk).first()
    if row is None:
        raise PermissionDenied
    require_recht(akteur, Recht.KURSE_VERWALTEN, row.organisation_id)
    record_audit(akteur, "ort_geloescht", row)
    try:
        row.delete()
    except ProtectedError as exc:
        raise DomainError("ort_benutzt", _("An diesem Ort gibt es Termine; er bleibt deshalb erhalten.")) from exc

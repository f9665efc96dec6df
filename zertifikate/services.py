"""Issuing, drawing and revoking. A number is taken in the transaction of its certificate: no gaps, no twins."""

import hashlib
import secrets
from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kurse.einschreibung.models import Einschreibung
from kurse.planung.models import Kurs, Termin
from kurse.planung.permissions import may_issue, require
from lms.core.audit import record_audit
from lms.core.errors import DomainError
from lms.core.ids import ALPHABET
from lms.core.models import Vorgang
from lms.core.vorgaenge import start_vorgang
from lms.konten.enums import Recht
from lms.konten.models import Organisation, Person
from lms.konten.rechte import require_recht
from lms.post.services import queue_nachricht
from zertifikate.enums import ZERTIFIKAT_TRANSITIONS, ZertifikatArt, ZertifikatStatus
from zertifikate.models import Nummernkreis, Vorlage, Zertifikat, zertifikat_path
from zertifikate.namen import name_digest
from zertifikate.pdf.render import render_zertifikat
from zertifikate.pdf.rules import SnapshotError
from zertifikate.pdf.snapshot import SCHEMA_VERSION, Snapshot
from zertifikate.pdf.text import GlyphMissingError
from zertifikate.pdf.zertifikat import lay_out
from zertifikate.snapshot_bau import Leistung, build_snapshot, leistung_of
from zertifikate.voraussetzungen import check_einschreibungen
from zertifikate.vorlagen import current_vorlage, format_nummer

AUSSTELLUNG = "zertifikate_ausstellen"


def new_pruefcode() -> str:
    """`k7qm-4t2x-9wrd-ab3c`: 16 characters, about 79 bits; cannot be enumerated."""
    code = "".join(secrets.choice(ALPHABET) for _unused in range(16))
    return "-".join(code[start : start + 4] for start in range(0, 16, 4))


@transaction.atomic
def issue_zertifikat(
    einschreibung: Einschreibung, art: str, akteur: Person, *, vorgang: Vorgang | None = None
) -> Zertifikat:
    """Issue one certificate; a valid one of the same kind is returned as it is.

    The file is drawn after the commit. Raises DomainError `zertifikat_nicht_moeglich` with everything that is missing,
    `angabe_nicht_druckbar` when a fact cannot be printed, `nummer_vergeben`; PermissionDenied without the right.
    """
    art = ZertifikatArt(art).value
    # sessions first, like everybody who decides on attendance: no list is reopened or corrected meanwhile
    list(
        Termin.objects.select_for_update(no_key=True)
        .filter(kurs=einschreibung.kurs_id)
        .order_by("pk")
        .values_list("pk")
    )
    row = (
        Einschreibung.objects.select_for_update(of=("self",))
        .select_related(
            "person", "modulergebnis", "kurs__veranstalter", "kurs__modulversion__modul__katalog",
            "kurs__modulversion__anwesenheitsregel",
        )
        .get(pk=einschreibung.pk)
    )  # fmt: skip
    require(may_issue(akteur, row.kurs))
    if row.person_id == akteur.pk:
        raise DomainError("eigenes_zertifikat", _("Das eigene Zertifikat kann nur eine andere Person ausstellen."))
    found = Zertifikat.objects.filter(einschreibung=row, art=art, status=ZertifikatStatus.GUELTIG).first()
    if found:
        return found
    (pruefling,) = check_einschreibungen(row.kurs, art, [row])
    if pruefling.fehlt:
        raise DomainError(
            "zertifikat_nicht_moeglich",
            " ".join(text for _code, text in pruefling.fehlt),
            details={"fehlt": [code for code, _text in pruefling.fehlt]},
        )
    zertifikat = _write(row, art, akteur, vorgang)
    record_audit(akteur, "zertifikat_ausgestellt", zertifikat, art=art, nummer=zertifikat.nummer)
    _tell_holder(zertifikat, "zertifikat_ausgestellt")
    if vorgang is None:
        _ring(zertifikat)
    return zertifikat


def _write(row: Einschreibung, art: str, akteur: Person, vorgang: Vorgang | None) -> Zertifikat:
    org, today = row.kurs.veranstalter, timezone.localdate()
    vorlage, leistung = current_vorlage(org, art), leistung_of(row, art)
    laufend = _next_number(org, today.year)
    nummer = format_nummer(vorlage.nummer_format, kuerzel=org.kurzname, jahr=today.year, laufend=laufend)
    _require_free_number(nummer)
    pruefcode, salt = new_pruefcode(), secrets.token_hex(16)
    snapshot = _checked_snapshot(row, art, vorlage, leistung, nummer, pruefcode)
    return Zertifikat.objects.create(
        art=art,
        aussteller=org,
        einschreibung=row,
        person=row.person,
        jahr=today.year,
        laufend=laufend,
        nummer=nummer,
        vorlage=vorlage,
        schema_version=SCHEMA_VERSION,
        snapshot=snapshot.to_dict(),
        pruefcode=pruefcode,
        name_salz=salt,
        name_digest=name_digest(row.person.name, salt),
        anforderungen_erfuellt_am=snapshot.anforderungen_erfuellt_am,
        ausgestellt_am=today,
        ausgestellt_von=akteur,
        vorgang=vorgang,
        ersetzt=_predecessor(row, art),
    )


def _checked_snapshot(
    row: Einschreibung, art: str, vorlage: Vorlage, leistung: Leistung, nummer: str, pruefcode: str
) -> Snapshot:
    """Build and lay out once, so that nothing that cannot be printed ever gets a number."""
    try:
        snapshot = build_snapshot(row, art, vorlage, leistung, nummer=nummer, pruefcode=pruefcode)
        lay_out(snapshot)
    except SnapshotError as exc:
        text = _("Die Angabe „%(feld)s“ kann so nicht gedruckt werden.") % {"feld": exc.field}
        raise DomainError("angabe_nicht_druckbar", text, details={"feld": exc.field, "grund": exc.code}) from exc
    except GlyphMissingError as exc:
        text = _("Ein Zeichen kann nicht gesetzt werden: %(zeichen)s") % {"zeichen": exc.letter}
        raise DomainError("angabe_nicht_druckbar", text, details={"grund": "zeichen"}) from exc
    return snapshot


def _predecessor(row: Einschreibung, art: str) -> Zertifikat | None:
    """The revoked certificate that this one follows, if there is one without a follower."""
    return (
        Zertifikat.objects.filter(einschreibung=row, art=art, status=ZertifikatStatus.WIDERRUFEN, ersetzt_durch=None)
        .order_by("-id")
        .first()
    )


def _next_number(organisation: Organisation, jahr: int) -> int:
    """The next running number under a row lock; a rolled-back certificate gives its number back."""
    Nummernkreis.objects.get_or_create(organisation=organisation, jahr=jahr)
    kreis = Nummernkreis.objects.select_for_update().get(organisation=organisation, jahr=jahr)
    kreis.letzte += 1
    kreis.save(update_fields=["letzte"])
    return kreis.letzte


def _require_free_number(nummer: str) -> None:
    """Short names and formats are each issuer's own, so two of them can print the same number: the second may not."""
    if Zertifikat.objects.filter(nummer=nummer).exists():
        text = _("Die Nummer %(nummer)s hat schon ein anderer Aussteller vergeben. Bitte ändern Sie das Nummernformat.")
        raise DomainError("nummer_vergeben", text % {"nummer": nummer})


def _ring(zertifikat: Zertifikat) -> None:
    from zertifikate.tasks import render_zertifikat_task

    transaction.on_commit(lambda: render_zertifikat_task.delay(zertifikat.pk), robust=True)


def _tell_holder(zertifikat: Zertifikat, vorlage: str) -> None:
    if zertifikat.person:
        queue_nachricht(f"{vorlage}:{zertifikat.public_id}", zertifikat.person, vorlage, {"zertifikat": zertifikat})


def draw_zertifikat(pk: int) -> Zertifikat:
    """Draw the file from the snapshot alone, once. Running it again finds the same bytes and changes nothing."""
    zertifikat = Zertifikat.objects.select_related("aussteller").get(pk=pk)
    if zertifikat.sha256:
        return zertifikat
    content = render_zertifikat(Snapshot.from_dict(zertifikat.snapshot))
    path = zertifikat_path(zertifikat, "")
    digest = hashlib.sha256(content).hexdigest()
    stored = _store(path, content, digest)
    taken = Zertifikat.objects.filter(pk=pk, sha256="").update(datei=stored, sha256=digest, updated_at=timezone.now())
    if not taken and stored != path:
        default_storage.delete(stored)
    zertifikat.refresh_from_db()
    return zertifikat


def _store(path: str, content: bytes, digest: str) -> str:
    """Write the file; one that a worker left before it could write the row stays when its bytes are whole."""
    if default_storage.exists(path):
        with default_storage.open(path) as found:
            if hashlib.sha256(found.read()).hexdigest() == digest:
                return path
        default_storage.delete(path)
    return default_storage.save(path, ContentFile(content))


@transaction.atomic
def start_ausstellung(
    kurs: Kurs, art: str, akteur: Person, einschreibungen: Iterable[Einschreibung], weiter: str = ""
) -> Vorgang:
    """Issue for many as a job with progress; people who cannot get one yet are reported and stop nobody."""
    require(may_issue(akteur, kurs))
    chosen = [row.pk for row in einschreibungen if row.kurs_id == kurs.pk]
    if not chosen:
        raise DomainError("niemand_gewaehlt", _("Bitte wählen Sie mindestens eine Person aus."))
    gewaehlt = ZertifikatArt(art)
    titel = _("%(art)s ausstellen: %(kurs)s") % {"art": gewaehlt.label, "kurs": kurs.titel}
    return start_vorgang(
        AUSSTELLUNG,
        akteur,
        gesamt=len(chosen),
        art=gewaehlt.value,
        einschreibungen=chosen,
        weiter=weiter,
        titel=titel,
    )


@transaction.atomic
def revoke_zertifikat(zertifikat: Zertifikat, akteur: Person, grund: str) -> Zertifikat:
    """Revoke for ever, with a reason; the number and the file stay. Revoking twice is the same revocation."""
    row = (
        Zertifikat.objects.select_for_update(of=("self",)).select_related("aussteller", "person").get(pk=zertifikat.pk)
    )
    require_recht(akteur, Recht.ZERTIFIKATE_AUSSTELLEN, row.aussteller)
    if not grund.strip():
        raise DomainError("grund_fehlt", _("Bitte geben Sie einen Grund an."), field="grund")
    if row.status == ZertifikatStatus.WIDERRUFEN:
        return row
    ZERTIFIKAT_TRANSITIONS.check(row.status, ZertifikatStatus.WIDERRUFEN, _("Das Zertifikat"))
    row.status, row.widerrufen_at, row.widerrufen_von = ZertifikatStatus.WIDERRUFEN, timezone.now(), akteur
    row.widerrufsgrund = grund.strip()
    row.save(update_fields=["status", "widerrufen_at", "widerrufen_von", "widerrufsgrund", "updated_at"])
    record_audit(akteur, "zertifikat_widerrufen", row)
    _tell_holder(row, "zertifikat_widerrufen")
    return row

"""Importing a list of participants: read, check every row, show, and write only what was confirmed."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kurse.einschreibung.importpruefung import Befund, Zeile, check_zeilen, clean_zeilen
from kurse.einschreibung.models import Importlauf
from kurse.einschreibung.plaetze import lock_kurs
from kurse.einschreibung.services import enrol
from kurse.einschreibung.tabellen import read_tabelle
from kurse.planung.enums import KursStatus
from kurse.planung.models import Kurs
from kurse.planung.permissions import may_manage, require
from lms.core.audit import record_audit
from lms.core.errors import DomainError
from lms.konten.beschaeftigungen import add_beschaeftigung
from lms.konten.models import Organisation, Person
from lms.post.services import queue_nachricht

#: Personal data of an upload that nobody confirmed is dropped after this time.
VORSCHAU_GILT = timedelta(days=7)


def read_zeilen(kurs: Kurs, data: bytes) -> list[Zeile]:
    """Parse and check a file for `kurs`; writes nothing. Raises DomainError (see `tabellen.read_tabelle`)."""
    if len(data) > settings.UPLOAD_MAX_BYTES:
        raise DomainError(
            "datei_zu_gross",
            _("Die Datei ist größer als %(mb)s MB.") % {"mb": settings.UPLOAD_MAX_BYTES // 1024 // 1024},
            field="datei",
        )
    return check_zeilen(kurs, clean_zeilen(read_tabelle(data)))


@transaction.atomic
def start_importlauf(kurs: Kurs, akteur: Person, *, dateiname: str, data: bytes) -> Importlauf:
    """Store the checked rows for the preview. Raises DomainError (file, `kurs_nicht_veroeffentlicht`)."""
    require(may_manage(akteur, kurs))
    if kurs.status != KursStatus.VEROEFFENTLICHT:
        raise DomainError("kurs_nicht_veroeffentlicht", _("Für diesen Kurs ist keine Einschreibung möglich."))
    zeilen = read_zeilen(kurs, data)
    lauf = Importlauf.objects.create(
        kurs=kurs, person=akteur, dateiname=dateiname[-200:], zeilen=[zeile.as_json() for zeile in zeilen]
    )
    record_audit(akteur, "import_hochgeladen", lauf, zeilen=len(zeilen))
    return lauf


@transaction.atomic
def confirm_importlauf(
    lauf: Importlauf, akteur: Person, *, neu_anlegen: Iterable[int] = (), genehmigung_liegt_vor: bool = False
) -> Importlauf:
    """Check every row again, write all that are valid in one transaction, and forget the uploaded rows.

    `neu_anlegen` holds line numbers that somebody looked at and that are a new person in spite of the same name and
    date of birth. Confirming twice changes nothing. Raises DomainError `import_verworfen`.
    """
    require(may_manage(akteur, lauf.kurs))
    kurs = lock_kurs(lauf.kurs)
    row = Importlauf.objects.select_for_update().get(pk=lauf.pk)
    if row.bestaetigt_at:
        return row
    if row.verworfen_at:
        raise DomainError(
            "import_verworfen", _("Dieser Import wurde verworfen. Bitte laden Sie die Datei noch einmal hoch.")
        )
    zeilen = check_zeilen(kurs, [Zeile.from_json(data) for data in row.zeilen])
    row.ergebnis = write_zeilen(
        kurs, zeilen, akteur, neu_anlegen=neu_anlegen, genehmigung_liegt_vor=genehmigung_liegt_vor
    )
    row.zeilen, row.bestaetigt_at = [], timezone.now()
    row.save()
    record_audit(akteur, "import_bestaetigt", row, **row.ergebnis)
    return row


@transaction.atomic
def discard_importlauf(lauf: Importlauf, akteur: Person) -> Importlauf:
    """Drop the uploaded rows without writing anything; discarding twice changes nothing."""
    require(may_manage(akteur, lauf.kurs))
    row = Importlauf.objects.select_for_update().get(pk=lauf.pk)
    if row.bestaetigt_at or row.verworfen_at:
        return row
    row.zeilen, row.verworfen_at = [], timezone.now()
    row.save()
    record_audit(akteur, "import_verworfen", row)
    return row


def discard_stale_importlaeufe() -> int:
    """Personal data that nobody confirmed does not stay."""
    stale = Importlauf.objects.filter(
        bestaetigt_at=None, verworfen_at=None, created_at__lt=timezone.now() - VORSCHAU_GILT
    )
    return stale.update(zeilen=[], verworfen_at=timezone.now())


@transaction.atomic
def write_zeilen(
    kurs: Kurs,
    zeilen: Iterable[Zeile],
    akteur: Person | None,
    *,
    neu_anlegen: Iterable[int] = (),
    genehmigung_liegt_vor: bool = False,
) -> dict[str, int]:
    """Write every valid row; returns counts `neu`, `vorhanden`, `schon_eingeschrieben`, `ausgelassen`."""
    wanted = set(neu_anlegen)
    counts = {"neu": 0, "vorhanden": 0, "schon_eingeschrieben": 0, "ausgelassen": 0}
    for zeile in zeilen:
        befund = Befund.NEU if zeile.befund == Befund.PRUEFEN and zeile.nr in wanted else zeile.befund
        if befund in (Befund.NEU, Befund.VORHANDEN):
            _write_zeile(kurs, zeile, akteur, genehmigung_liegt_vor)
        counts[befund if befund in counts else "ausgelassen"] += 1
    return counts


def _write_zeile(kurs: Kurs, zeile: Zeile, akteur: Person | None, genehmigung_liegt_vor: bool) -> None:
    person, created = _ensure_person(zeile)
    arbeitgeber = Organisation.objects.filter(pk=zeile.arbeitgeber_id).first() if zeile.arbeitgeber_id else None
    if created:
        record_audit(akteur, "person_angelegt", person, herkunft="import")
        queue_nachricht(f"konto_angelegt:{person.public_id}", person, "einschreibung/konto_angelegt", {"kurs": kurs})
        if arbeitgeber is not None:
            add_beschaeftigung(person, arbeitgeber)  # unconfirmed: the list says so, the person confirms later
    enrol(person, kurs, akteur, arbeitgeber=arbeitgeber, genehmigung_liegt_vor=genehmigung_liegt_vor)


def _ensure_person(zeile: Zeile) -> tuple[Person, bool]:
    """The account of this address; a new one has no usable password until its owner sets one."""
    found = Person.objects.filter(email__iexact=zeile.email).first()
    if found:
        return found, False
    try:
        with transaction.atomic():
            person = Person.objects.create_user(
                zeile.email,
                None,
                vorname=zeile.vorname,
                nachname=zeile.nachname,
                geburtsdatum=zeile.datum,
            )
    except IntegrityError:  # somebody registered this address a moment ago
        return Person.objects.get(email__iexact=zeile.email), False
    return person, True

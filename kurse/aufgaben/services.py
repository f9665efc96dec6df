"""Acts on assignments: set, hand in, extend. Grading is in `bewertung.py` and handed on from here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kurse.aufgaben.bewertung import UNGEPRUEFT, grade_abgabe, lock_einschreibung, record_pruefung
from kurse.aufgaben.dateien import GepruefteDatei, check_datei
from kurse.aufgaben.enums import AbgabeStatus, AufgabeArt
from kurse.aufgaben.models import Abgabe, Aufgabe, Bewertung, Fristverlaengerung, Modulergebnis
from kurse.aufgaben.selectors import frist_of
from kurse.einschreibung.enums import EinschreibungStatus
from kurse.einschreibung.models import Einschreibung
from kurse.planung.enums import KursStatus
from kurse.planung.models import Kurs
from kurse.planung.permissions import may_grade, require
from lms.core.audit import record_audit
from lms.core.errors import DomainError
from lms.core.templatetags.formate import zeitpunkt
from lms.konten.models import Person
from lms.post.services import queue_nachricht
from module.enums import SkalenArt

__all__ = [
    "UNGEPRUEFT",
    "create_aufgabe",
    "extend_frist",
    "grade_abgabe",
    "record_pruefung",
    "submit_abgabe",
    "update_aufgabe",
]

TEXT_MAX = 100_000
FELDER = (
    "titel",
    "art",
    "beschreibung",
    "faellig_at",
    "pflicht",
    "notenskala",
    "gewicht",
    "verspaetet_erlaubt",
    "max_versuche",
)
#: Fields that the module grade rests on; fixed once a result of the course is confirmed.
ERGEBNISRELEVANT = ("pflicht", "notenskala", "gewicht")


# --- assignments ----------------------------------------------------------------------------------------------------
@transaction.atomic
def create_aufgabe(kurs: Kurs, akteur: Person, **felder: Any) -> Aufgabe:
    """Set an assignment. The same title with the same deadline twice is the same assignment (double click).

    Raises DomainError: `kurs_beendet`, `eingabe_ungueltig`, `skala_passt_nicht`, `ergebnisse_bestaetigt`.
    """
    require(may_grade(akteur, kurs))
    kurs = (
        Kurs.objects.select_for_update(of=("self",), no_key=True)
        .select_related("modulversion__notenskala")
        .get(pk=kurs.pk)
    )
    if kurs.status in (KursStatus.ABGESAGT, KursStatus.ABGESCHLOSSEN):
        raise DomainError(
            "kurs_beendet",
            _("Der Kurs ist abgeschlossen oder abgesagt. Es können keine Aufgaben mehr angelegt werden."),
        )
    aufgabe = _fill(Aufgabe(kurs=kurs), felder)
    found = Aufgabe.objects.filter(kurs=kurs, titel=aufgabe.titel, faellig_at=aufgabe.faellig_at).first()
    if found:
        return found
    if aufgabe.pflicht:
        _require_no_ergebnis(kurs)
    aufgabe.save()
    record_audit(akteur, "aufgabe_angelegt", aufgabe, pflicht=aufgabe.pflicht)
    return aufgabe


@transaction.atomic
def update_aufgabe(aufgabe: Aufgabe, akteur: Person, **felder: Any) -> Aufgabe:
    """Change an assignment; what the grade rests on stays once grades or results exist.

    Raises DomainError: `eingabe_ungueltig`, `skala_passt_nicht`, `aufgabe_hat_noten`, `ergebnisse_bestaetigt`.
    """
    require(may_grade(akteur, aufgabe.kurs))
    Kurs.objects.select_for_update(no_key=True).get(pk=aufgabe.kurs_id)
    row = (
        Aufgabe.objects.select_for_update(of=("self",))
        .select_related("kurs__modulversion__notenskala")
        .get(pk=aufgabe.pk)
    )
    before = {name: getattr(row, name) for name in FELDER}
    _fill(row, felder)
    changed = [name for name in FELDER if getattr(row, name) != before[name]]
    if not changed:
        return row
    if "notenskala" in changed and Bewertung.objects.filter(abgabe__aufgabe=row).exclude(note=None).exists():
        raise DomainError(
            "aufgabe_hat_noten",
            _("Es sind schon Noten vergeben. Die Benotung dieser Aufgabe kann nicht mehr geändert werden."),
            field="notenskala",
        )
    if set(changed) & set(ERGEBNISRELEVANT):
        _require_no_ergebnis(row.kurs)
    row.save()
    record_audit(akteur, "aufgabe_geaendert", row, felder=changed)
    return row


def _fill(aufgabe: Aufgabe, felder: dict[str, Any]) -> Aufgabe:
    unknown = set(felder) - set(FELDER)
    if unknown:
        raise TypeError(f"unknown fields: {sorted(unknown)}")
    for name, value in felder.items():
        setattr(aufgabe, name, value)
    aufgabe.titel = (aufgabe.titel or "").strip()
    try:
        aufgabe.full_clean(exclude=["kurs"], validate_unique=False)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise DomainError("eingabe_ungueltig", messages[0], field=field if field in FELDER else None) from error
    if aufgabe.max_versuche < 1:
        raise DomainError("eingabe_ungueltig", _("Mindestens eine Abgabe muss möglich sein."), field="max_versuche")
    version = aufgabe.kurs.modulversion
    module_scale = version.notenskala if version else None
    if (
        aufgabe.notenskala
        and module_scale
        and module_scale.art != SkalenArt.BESTANDEN
        and aufgabe.notenskala_id != module_scale.pk
    ):
        raise DomainError(
            "skala_passt_nicht",
            _("Das Modul wird nach „%(skala)s“ benotet. Bitte wählen Sie dieselbe Benotung oder keine.")
            % {"skala": module_scale},
            field="notenskala",
        )
    return aufgabe


def _require_no_ergebnis(kurs: Kurs) -> None:
    if Modulergebnis.objects.filter(einschreibung__kurs=kurs).exists():
        raise DomainError(
            "ergebnisse_bestaetigt",
            _("Für diesen Kurs sind schon Modulergebnisse bestätigt. Pflicht, Benotung und Gewicht stehen damit fest."),
        )


# --- submissions ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Einreichung:
    text: str
    datei: GepruefteDatei | None

    @property
    def sha256(self) -> str:
        return self.datei.sha256 if self.datei else ""


def submit_abgabe(
    aufgabe: Aufgabe, einschreibung: Einschreibung, akteur: Person, *, text: str = "", datei: File | None = None
) -> Abgabe:
    """Hand in a new version: text, a file, or both. Handing in the same again while it waits is the same submission.

    The file is checked (and scanned) before the transaction; a version is never overwritten. After a return for
    revision the deadline no longer counts, because the lecturer asked for the new version.

    Raises PermissionDenied unless it is the own enrolment, and DomainError: `andere_aufgabe`, `pruefung_ohne_abgabe`,
    `abgabe_leer`, `text_zu_lang`, the codes of `check_datei`, `nicht_zugelassen`, `ergebnis_bestaetigt`,
    `schon_bestanden`, `keine_versuche`, `frist_abgelaufen`.
    """
    if einschreibung.person_id != akteur.pk:
        raise PermissionDenied
    einreichung = _Einreichung(_clean_text(text), check_datei(datei) if datei else None)
    _check_einreichung(aufgabe, einschreibung, einreichung)
    with transaction.atomic():
        row = lock_einschreibung(einschreibung)
        current = Aufgabe.objects.get(pk=aufgabe.pk)
        latest = Abgabe.objects.filter(aufgabe=current, einschreibung=row).order_by("-versuch").first()
        if _is_same(latest, einreichung):
            return latest  # type: ignore[return-value]
        late = _check_may_submit(current, row, latest)
        abgabe = _create_abgabe(current, row, einreichung, (latest.versuch if latest else 0) + 1, late)
        record_audit(akteur, "abgabe_eingereicht", abgabe, versuch=abgabe.versuch, verspaetet=late)
        queue_nachricht(
            f"abgabe:{abgabe.public_id}", akteur, "aufgaben/eingang", {"abgabe": abgabe, "aufgabe": current}
        )
    return abgabe


def _clean_text(text: str) -> str:
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").strip()


def _check_einreichung(aufgabe: Aufgabe, einschreibung: Einschreibung, einreichung: _Einreichung) -> None:
    if aufgabe.kurs_id != einschreibung.kurs_id:
        raise DomainError("andere_aufgabe", _("Diese Aufgabe gehört nicht zu Ihrem Kurs."))
    if aufgabe.art == AufgabeArt.PRUEFUNG:
        raise DomainError(
            "pruefung_ohne_abgabe",
            _("Zu einer Prüfung gibt es keine Abgabe. Das Ergebnis tragen die Lehrenden ein."),
        )
    if not einreichung.text and einreichung.datei is None:
        raise DomainError(
            "abgabe_leer", _("Bitte schreiben Sie einen Text oder wählen Sie eine Datei aus."), field="text"
        )
    if len(einreichung.text) > TEXT_MAX:
        raise DomainError(
            "text_zu_lang",
            _("Der Text ist zu lang: Erlaubt sind %(max)s Zeichen. Bitte geben Sie ihn als Datei ab.")
            % {"max": TEXT_MAX},
            field="text",
        )


def _is_same(latest: Abgabe | None, einreichung: _Einreichung) -> bool:
    return (
        latest is not None
        and latest.status == AbgabeStatus.EINGEREICHT
        and latest.text == einreichung.text
        and latest.sha256 == einreichung.sha256
    )


def _check_may_submit(aufgabe: Aufgabe, einschreibung: Einschreibung, latest: Abgabe | None) -> bool:
    """Under the lock. Returns whether the submission is late."""
    if einschreibung.status != EinschreibungStatus.ZUGELASSEN:
        raise DomainError("nicht_zugelassen", _("Sie nehmen an diesem Kurs nicht teil und können nichts abgeben."))
    if latest and latest.status == AbgabeStatus.BESTANDEN:
        raise DomainError("schon_bestanden", _("Diese Aufgabe ist schon bestanden. Eine neue Abgabe ist nicht nötig."))
    if latest and latest.versuch >= aufgabe.max_versuche:
        raise DomainError(
            "keine_versuche",
            _("Sie haben schon %(anzahl)s von %(max)s Abgaben genutzt. Bitte wenden Sie sich an die Lehrenden.")
            % {"anzahl": latest.versuch, "max": aufgabe.max_versuche},
        )
    if latest and latest.status == AbgabeStatus.UEBERARBEITEN:
        return False
    frist = frist_of(aufgabe, einschreibung)
    late = timezone.now() > frist
    if late and not aufgabe.verspaetet_erlaubt:
        raise DomainError(
            "frist_abgelaufen",
            _(
                "Die Frist ist am %(frist)s abgelaufen. Bitte bitten Sie die Lehrenden um eine Verlängerung; "
                "Ihr Text steht noch im Formular."
            )
            % {"frist": zeitpunkt(frist)},
            details={"frist": frist.isoformat()},
        )
    return late


def _create_abgabe(
    aufgabe: Aufgabe, einschreibung: Einschreibung, einreichung: _Einreichung, versuch: int, late: bool
) -> Abgabe:
    abgabe = Abgabe(
        aufgabe=aufgabe, einschreibung=einschreibung, versuch=versuch, text=einreichung.text, verspaetet=late
    )
    if einreichung.datei:
        datei = einreichung.datei
        abgabe.dateiname, abgabe.mime = datei.name, datei.mime
        abgabe.groesse, abgabe.sha256 = datei.groesse, datei.sha256
        # stored before the commit: a rollback leaves a file that nobody names, never a row without its file
        abgabe.datei.save(datei.name, datei.inhalt, save=False)
    abgabe.save(force_insert=True)
    return abgabe


# --- extensions -----------------------------------------------------------------------------------------------------
@transaction.atomic
def extend_frist(
    aufgabe: Aufgabe, einschreibung: Einschreibung, akteur: Person, *, bis: datetime, grund: str
) -> Fristverlaengerung:
    """Give one person more time. The newest extension counts; the same deadline twice is the same extension.

    Raises DomainError: `andere_aufgabe`, `eigene_frist`, `grund_fehlt`, `frist_in_vergangenheit`,
    `frist_nicht_laenger`, `nicht_zugelassen`, `ergebnis_bestaetigt`.
    """
    require(may_grade(akteur, aufgabe.kurs))
    if aufgabe.kurs_id != einschreibung.kurs_id:
        raise DomainError("andere_aufgabe", _("Die Person gehört nicht zu diesem Kurs."), field="einschreibung")
    if einschreibung.person_id == akteur.pk:
        raise DomainError("eigene_frist", _("Die eigene Frist kann nur eine andere Person verlängern."))
    if not grund.strip():
        raise DomainError("grund_fehlt", _("Bitte nennen Sie den Grund der Verlängerung."), field="grund")
    if bis <= timezone.now():
        raise DomainError("frist_in_vergangenheit", _("Die neue Frist muss in der Zukunft liegen."), field="bis")
    row = lock_einschreibung(einschreibung)
    if row.status != EinschreibungStatus.ZUGELASSEN:
        raise DomainError("nicht_zugelassen", _("Die Person nimmt an diesem Kurs nicht teil."), field="einschreibung")
    current = Aufgabe.objects.get(pk=aufgabe.pk)
    if bis <= current.faellig_at:
        raise DomainError(
            "frist_nicht_laenger",
            _("Die neue Frist muss nach der Frist der Aufgabe liegen (%(frist)s).")
            % {"frist": zeitpunkt(current.faellig_at)},
            field="bis",
        )
    latest = current.fristverlaengerungen.filter(einschreibung=row).first()
    if latest and latest.bis == bis:
        return latest
    found = Fristverlaengerung.objects.create(
        aufgabe=current, einschreibung=row, bis=bis, grund=grund.strip()[:300], person=akteur
    )
    record_audit(akteur, "frist_verlaengert", found, bis=bis.isoformat(), einschreibung=row.public_id)
    queue_nachricht(f"frist:{found.public_id}", row.person, "aufgaben/frist", {"frist": found, "aufgabe": current})
    return found

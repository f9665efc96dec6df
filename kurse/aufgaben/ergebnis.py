"""Module results: proposed by rule, decided once by the examination office, never changed afterwards."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kurse.aufgaben.enums import ErgebnisStatus
from kurse.aufgaben.models import Modulergebnis
from kurse.aufgaben.vorschlag import (
    Vorschlag,
    is_benotet,
    propose_ergebnis,
    propose_for_kurs,
    propose_many,
    skala_of_kurs,
)
from kurse.einschreibung.enums import EinschreibungStatus
from kurse.einschreibung.models import Einschreibung
from kurse.einschreibung.services import finish_einschreibung
from kurse.planung.models import Kurs, Termin
from kurse.planung.permissions import may_confirm, require
from lms.core.audit import record_audit
from lms.core.errors import DomainError
from lms.core.templatetags.formate import datum
from lms.konten.models import Person
from lms.post.services import queue_nachricht

__all__ = [
    "Sammelbestaetigung",
    "Vorschlag",
    "confirm_alle",
    "confirm_ergebnis",
    "propose_ergebnis",
    "propose_for_kurs",
]


@dataclass(slots=True)
class Sammelbestaetigung:
    """`uebersprungen`: people whose proposal is open (or who are the acting person)."""

    bestaetigt: list[Modulergebnis] = field(default_factory=list)
    uebersprungen: list[Vorschlag] = field(default_factory=list)


def _lock(kurs: Kurs, pks: list[int]) -> list[Einschreibung]:
    """The course (held by who sets assignments), its sessions (by who records attendance), then the enrolments."""
    Kurs.objects.select_for_update(no_key=True).get(pk=kurs.pk)
    list(Termin.objects.select_for_update(no_key=True).filter(kurs=kurs).order_by("pk").values_list("pk"))
    rows = Einschreibung.objects.select_for_update(of=("self",), no_key=True).select_related("person", "kurs")
    return list(rows.filter(pk__in=pks).order_by("pk"))


@transaction.atomic
def confirm_ergebnis(
    einschreibung: Einschreibung,
    akteur: Person,
    *,
    status: str | None = None,
    note: Decimal | None = None,
    abweichung_grund: str = "",
) -> Modulergebnis:
    """Decide the result of one enrolment. Without `status` and `note` the proposal is confirmed as it is.

    The same decision twice returns the result that is there. The enrolment ends in the same transaction.

    Raises DomainError: `ergebnis_bestaetigt`, `nicht_zugelassen`, `eigenes_ergebnis`, `termine_offen`,
    `ergebnis_offen`, `abweichung_grund_fehlt`, `note_nicht_vorgesehen`, `note_unbekannt`, `eingabe_ungueltig`.
    """
    require(may_confirm(akteur, einschreibung.kurs))
    row = _lock(einschreibung.kurs, [einschreibung.pk])[0]
    found = Modulergebnis.objects.filter(einschreibung=row).first()
    if found is not None:
        return _same_or_refuse(found, status, note)
    vorschlag = propose_many(row.kurs, [row])[0]
    _check_confirmable(row, akteur, vorschlag)
    return _decide(row, akteur, vorschlag, status, note, abweichung_grund.strip())


@transaction.atomic
def confirm_alle(kurs: Kurs, akteur: Person) -> Sammelbestaetigung:
    """Confirm every proposal that the rules decide; open ones stay for a decision one by one."""
    require(may_confirm(akteur, kurs))
    waiting = Einschreibung.objects.filter(
        kurs=kurs, status=EinschreibungStatus.ZUGELASSEN, modulergebnis=None
    ).values_list("pk", flat=True)
    rows = _lock(kurs, list(waiting))
    done = set(Modulergebnis.objects.filter(einschreibung__in=rows).values_list("einschreibung_id", flat=True))
    rows = [row for row in rows if row.pk not in done and row.status == EinschreibungStatus.ZUGELASSEN]
    result = Sammelbestaetigung()
    for vorschlag in propose_many(kurs, rows):
        row = vorschlag.einschreibung
        if vorschlag.entschieden and row.person_id != akteur.pk:
            result.bestaetigt.append(_decide(row, akteur, vorschlag, None, None, ""))
        else:
            result.uebersprungen.append(vorschlag)
    return result


def _same_or_refuse(found: Modulergebnis, status: str | None, note: Decimal | None) -> Modulergebnis:
    if status in (None, found.status) and note in (None, found.note):
        return found
    raise DomainError(
        "ergebnis_bestaetigt",
        _("Das Ergebnis wurde am %(am)s schon bestätigt und kann nicht mehr geändert werden.")
        % {"am": datum(found.bestaetigt_at)},
    )


def _check_confirmable(einschreibung: Einschreibung, akteur: Person, vorschlag: Vorschlag) -> None:
    if einschreibung.person_id == akteur.pk:
        raise DomainError("eigenes_ergebnis", _("Das eigene Ergebnis kann nur eine andere Person bestätigen."))
    if einschreibung.status != EinschreibungStatus.ZUGELASSEN:
        raise DomainError("nicht_zugelassen", _("Die Person nimmt an diesem Kurs nicht teil."))
    if vorschlag.offene_termine:
        raise DomainError(
            "termine_offen",
            _("Bitte lassen Sie zuerst die Anwesenheit vollständig erfassen und die Listen schließen: %(termine)s.")
            % {"termine": ", ".join(datum(termin.beginn) for termin in vorschlag.offene_termine)},
            details={"termine": [termin.public_id for termin in vorschlag.offene_termine]},
        )


def _decide(
    einschreibung: Einschreibung,
    akteur: Person,
    vorschlag: Vorschlag,
    status: str | None,
    note: Decimal | None,
    grund: str,
) -> Modulergebnis:
    decided = status or vorschlag.status
    if decided not in ErgebnisStatus.values:
        if status is None:
            raise DomainError(
                "ergebnis_offen",
                _("Es gibt noch keinen Vorschlag: %(gruende)s Bitte entscheiden Sie selbst und nennen Sie den Grund.")
                % {"gruende": " ".join(vorschlag.gruende)},
                field="status",
            )
        raise DomainError("eingabe_ungueltig", _("Bitte wählen Sie ein Ergebnis."), field="status")
    passed = decided == ErgebnisStatus.BESTANDEN
    final_note = note if note is not None else (vorschlag.note if passed else None)
    if note is not None:
        _check_note(einschreibung.kurs, note, passed)
    if passed and final_note is None and is_benotet(skala_of_kurs(einschreibung.kurs)):
        raise DomainError("note_fehlt", _("Das Modul wird benotet. Bitte geben Sie die Modulnote an."), field="note")
    deviates = decided != vorschlag.status or (note is not None and note != vorschlag.note)
    if deviates and not grund:
        raise DomainError(
            "abweichung_grund_fehlt",
            _("Ihre Entscheidung weicht vom Vorschlag ab. Bitte nennen Sie den Grund."),
            field="abweichung_grund",
        )
    erfuellt_am = (vorschlag.anforderungen_erfuellt_am or timezone.localdate()) if passed else None
    found = Modulergebnis.objects.create(
        einschreibung=einschreibung,
        status=decided,
        note=final_note,
        ue_geplant=vorschlag.ue_geplant,
        ue_besucht=vorschlag.ue_besucht,
        berechnung=vorschlag.berechnung,
        abweichung_grund=grund[:300] if deviates else "",
        anforderungen_erfuellt_am=erfuellt_am,
        bestaetigt_von=akteur,
        bestaetigt_at=timezone.now(),
    )
    finish_einschreibung(einschreibung, bestanden=passed)
    record_audit(akteur, "ergebnis_bestaetigt", found, einschreibung=einschreibung.public_id, abweichend=deviates)
    queue_nachricht(
        f"ergebnis:{found.public_id}", einschreibung.person, "aufgaben/ergebnis", {"kurs": einschreibung.kurs}
    )
    return found


def _check_note(kurs: Kurs, note: Decimal, passed: bool) -> None:
    """A grade set by hand lies within the scale of the module, on the right side of its limit."""
    skala = skala_of_kurs(kurs)
    steps = list(skala.stufen.all()) if skala else []
    if not steps:
        raise DomainError("note_nicht_vorgesehen", _("Dieses Modul wird nicht benotet."), field="note")
    good = [step.wert for step in steps if step.bestanden]
    low, high = (min(good), max(good)) if passed and good else (steps[0].wert, steps[-1].wert)
    if not low <= note <= high or (not passed and note in good):
        raise DomainError("note_unbekannt", _("Diese Note passt nicht zur Benotung oder zum Ergebnis."), field="note")

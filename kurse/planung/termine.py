"""Acts on sessions. The course row is locked first, so sessions of one course change one after the other."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from kurse.planung import ereignisse
from kurse.planung.enums import TERMIN_TRANSITIONS, Aenderungsart, KursStatus, TerminStatus
from kurse.planung.konflikte import Konflikt, find_konflikte
from kurse.planung.models import Kurs, Ort, Pause, Termin, Terminaenderung
from kurse.planung.nachrichten import tell_terminaenderung
from kurse.planung.permissions import may_manage, require
from kurse.planung.regeln import check_entwurf, check_no_overlap, check_orte, clean_or_raise, require_grund
from kurse.planung.serie import MAX_TERMINE, Intervall, TerminEntwurf, entwurf_of
from lms.core.audit import record_audit
from lms.core.errors import DomainError
from lms.konten.models import Person


class _Keep:
    """“Leave it as it is”, where None means “none”."""


KEEP: Final = _Keep()


def lock_kurs(kurs: Kurs) -> Kurs:
    """The fresh course row, locked until the end of the transaction."""
    return (
        Kurs.objects.select_for_update(of=("self",))
        .select_related("veranstalter", "modulversion__anwesenheitsregel")
        .get(pk=kurs.pk)
    )


def _lock_termin(termin: Termin, akteur: Person) -> Termin:
    """Lock course and session, check the right and that the course still runs."""
    kurs = lock_kurs(termin.kurs)
    require(may_manage(akteur, kurs))
    row = Termin.objects.select_for_update(of=("self",)).select_related("ort").get(pk=termin.pk)
    row.kurs = kurs
    return row


def _check_open(kurs: Kurs) -> None:
    if kurs.status not in (KursStatus.ENTWURF, KursStatus.VEROEFFENTLICHT):
        raise DomainError("kurs_beendet", _("Ein abgesagter oder abgeschlossener Kurs wird nicht mehr geändert."))


def _check_changeable(termin: Termin) -> None:
    """Nothing that was recorded is moved away. Raises DomainError `liste_geschlossen`, `anwesenheit_erfasst`."""
    _check_open(termin.kurs)
    if termin.liste_geschlossen:
        raise DomainError(
            "liste_geschlossen",
            _("Die Anwesenheitsliste ist geschlossen; der Termin bleibt, wie er stattgefunden hat."),
        )
    # the ledger belongs to a room above; its reverse relation is enough to know that it holds something
    if termin.anwesenheitsvermerke.exists():  # type: ignore[attr-defined]
        raise DomainError(
            "anwesenheit_erfasst",
            _("Für diesen Termin ist schon Anwesenheit erfasst; er bleibt, wie er stattgefunden hat."),
        )


def _refresh_zeitraum(kurs: Kurs) -> None:
    span = kurs.termine.filter(status=TerminStatus.GEPLANT).aggregate(beginn=Min("beginn"), ende=Max("ende"))
    kurs.beginn, kurs.ende = span["beginn"], span["ende"]
    kurs.save(update_fields=["beginn", "ende", "updated_at"])


def _check_konflikte(konflikte: list[Konflikt]) -> None:
    if konflikte:
        raise DomainError(
            "termin_konflikte",
            _("Es gibt Überschneidungen mit anderen Kursen. Bitte bestätigen Sie, dass Sie trotzdem planen."),
            field="trotz_konflikten",
            details={"anzahl": len(konflikte)},
        )


@transaction.atomic
def add_termine(
    kurs: Kurs,
    akteur: Person,
    entwuerfe: Sequence[TerminEntwurf],
    *,
    vergangen_erlaubt: bool = False,
    trotz_konflikten: bool = True,
) -> list[Termin]:
    """Add sessions to a course, all or none. With `trotz_konflikten=False` overlaps with other courses refuse.

    `vergangen_erlaubt` is for data of the past (imports). Raises PermissionDenied; DomainError: `kurs_beendet`,
    `serie_leer`, `serie_zu_lang`, `termin_ueberschneidung`, `termin_konflikte`, `ort_fremd` and those of
    `check_entwurf`.
    """
    row = lock_kurs(kurs)
    require(may_manage(akteur, row))
    _check_open(row)
    if not entwuerfe:
        raise DomainError("serie_leer", _("Es ist kein Termin angegeben."), field="von")
    if len(entwuerfe) > MAX_TERMINE:
        raise DomainError(
            "serie_zu_lang", _("Eine Serie hat höchstens %(anzahl)s Termine.") % {"anzahl": MAX_TERMINE}, field="anzahl"
        )
    for entwurf in entwuerfe:
        check_entwurf(entwurf, vergangen_erlaubt=vergangen_erlaubt)
    check_orte(row, entwuerfe)
    check_no_overlap(row, entwuerfe)
    if not trotz_konflikten:
        _check_konflikte(find_konflikte(row, entwuerfe))
    termine = Termin.objects.bulk_create([_termin_of(row, entwurf) for entwurf in entwuerfe])
    _write_pausen(zip(termine, entwuerfe, strict=True))
    _refresh_zeitraum(row)
    record_audit(akteur, "termine_angelegt", row, anzahl=len(termine))
    ereignisse.fire(ereignisse.TERMIN_GEAENDERT, row)
    return termine


def _termin_of(kurs: Kurs, entwurf: TerminEntwurf) -> Termin:
    termin = Termin(
        kurs=kurs,
        beginn=entwurf.beginn,
        ende=entwurf.ende,
        minuten=entwurf.minuten,
        thema=entwurf.thema,
        ort=entwurf.ort,
        link=entwurf.link,
    )
    if len(termin.thema) > 200:
        raise DomainError("eingabe_ungueltig", _("Das Thema hat höchstens 200 Zeichen."), field="thema")
    return termin


def _write_pausen(rows: object) -> None:
    Pause.objects.bulk_create(
        Pause(termin=termin, beginn=beginn, ende=ende)
        for termin, entwurf in rows  # type: ignore[attr-defined]
        for beginn, ende in sorted(entwurf.pausen)
    )


def _shifted(pausen: Sequence[Intervall], delta_from: datetime, delta_to: datetime) -> tuple[Intervall, ...]:
    delta = delta_to - delta_from
    return tuple((beginn + delta, ende + delta) for beginn, ende in pausen)


def moved_entwurf(
    termin: Termin,
    *,
    beginn: datetime,
    ende: datetime,
    ort: Ort | None | _Keep = KEEP,
    link: str | _Keep = KEEP,
    pausen: Sequence[Intervall] | None = None,
) -> TerminEntwurf:
    """The session after a move: place and link stay unless given, breaks move along unless given."""
    old = entwurf_of(termin)
    return TerminEntwurf(
        beginn=beginn,
        ende=ende,
        pausen=tuple(pausen) if pausen is not None else _shifted(old.pausen, old.beginn, beginn),
        ort=old.ort if isinstance(ort, _Keep) else ort,
        link=old.link if isinstance(link, _Keep) else link,
        thema=old.thema,
    )


@transaction.atomic
def move_termin(
    termin: Termin,
    akteur: Person,
    *,
    beginn: datetime,
    ende: datetime,
    grund: str,
    ort: Ort | None | _Keep = KEEP,
    link: str | _Keep = KEEP,
    pausen: Sequence[Intervall] | None = None,
    vergangen_erlaubt: bool = False,
    trotz_konflikten: bool = True,
) -> Termin:
    """Move a session in time or place. The old times stay readable; everybody concerned gets one mail.

    Moving to where it is already does nothing. Raises PermissionDenied; DomainError: `grund_fehlt`,
    `termin_abgesagt`, `liste_geschlossen`, `anwesenheit_erfasst`, `termin_ueberschneidung`, `termin_konflikte`,
    `ort_fremd`, `kurs_beendet` and those of `check_entwurf`.
    """
    row = _lock_termin(termin, akteur)
    new = moved_entwurf(row, beginn=beginn, ende=ende, ort=ort, link=link, pausen=pausen)
    if new == entwurf_of(row):
        return row
    grund = require_grund(grund)
    if row.status != TerminStatus.GEPLANT:
        raise DomainError("termin_abgesagt", _("Ein abgesagter Termin wird nicht verlegt. Legen Sie einen neuen an."))
    _check_changeable(row)
    check_entwurf(new, vergangen_erlaubt=vergangen_erlaubt)
    check_orte(row.kurs, [new])
    check_no_overlap(row.kurs, [new], ohne_pk=row.pk)
    if not trotz_konflikten:
        _check_konflikte(find_konflikte(row.kurs, [new], ohne_termin=row))
    aenderung = _note_aenderung(row, akteur, Aenderungsart.VERLEGT, grund)
    row.beginn, row.ende, row.minuten, row.ort, row.link = new.beginn, new.ende, new.minuten, new.ort, new.link
    row.save(update_fields=["beginn", "ende", "minuten", "ort", "link", "updated_at"])
    row.pausen.all().delete()
    _write_pausen([(row, new)])
    _refresh_zeitraum(row.kurs)
    _after_change(row, akteur, aenderung)
    return row


@transaction.atomic
def cancel_termin(termin: Termin, akteur: Person, grund: str) -> Termin:
    """Cancel one session; it counts nowhere from now on. Everybody concerned gets one mail. Twice is once.

    Raises PermissionDenied; DomainError: `grund_fehlt`, `liste_geschlossen`, `anwesenheit_erfasst`, `kurs_beendet`.
    """
    row = _lock_termin(termin, akteur)
    if row.status == TerminStatus.ABGESAGT:
        return row
    grund = require_grund(grund)
    TERMIN_TRANSITIONS.check(row.status, TerminStatus.ABGESAGT, _("Der Termin"))
    _check_changeable(row)
    aenderung = _cancel(row, akteur, grund)
    _refresh_zeitraum(row.kurs)
    _after_change(row, akteur, aenderung)
    return row


def _cancel(row: Termin, akteur: Person, grund: str) -> Terminaenderung:
    row.status, row.grund = TerminStatus.ABGESAGT, grund
    row.save(update_fields=["status", "grund", "updated_at"])
    return _note_aenderung(row, akteur, Aenderungsart.ABGESAGT, grund)


def _note_aenderung(row: Termin, akteur: Person, art: str, grund: str) -> Terminaenderung:
    return Terminaenderung.objects.create(
        termin=row,
        art=art,
        alt_beginn=row.beginn,
        alt_ende=row.ende,
        alt_ort=str(row.ort or "")[:300],
        grund=grund,
        person=akteur,
    )


def _after_change(row: Termin, akteur: Person, aenderung: Terminaenderung) -> None:
    """Mails (only for a course that people know of), audit, and the rooms above."""
    if row.kurs.status == KursStatus.VEROEFFENTLICHT:
        tell_terminaenderung(row, aenderung)
    record_audit(akteur, f"termin_{aenderung.art}", row, aenderung=aenderung.public_id)
    ereignisse.fire(ereignisse.TERMIN_GEAENDERT, row.kurs)


def cancel_open_termine(kurs: Kurs, akteur: Person, grund: str) -> int:
    """Part of cancelling a course: sessions ahead without attendance. The caller holds the lock and tells people.

    `beginn` and `ende` of the course stay, so the page still says when it would have taken place.
    """
    rows = kurs.termine.select_related("ort").filter(
        status=TerminStatus.GEPLANT,
        beginn__gt=timezone.now(),
        liste_geschlossen_at=None,
        anwesenheitsvermerke=None,
    )
    return len([_cancel(row, akteur, grund) for row in rows])


@transaction.atomic
def update_termin(termin: Termin, akteur: Person, *, thema: str, link: str) -> Termin:
    """Topic and link of a session; nobody has to be told. Raises PermissionDenied, DomainError `eingabe_ungueltig`."""
    row = _lock_termin(termin, akteur)
    _check_open(row.kurs)
    row.thema, row.link = thema.strip(), link.strip()
    clean_or_raise(row, exclude=["kurs", "ort", "beginn", "ende", "minuten", "liste_geschlossen_von"])
    row.save(update_fields=["thema", "link", "updated_at"])
    record_audit(akteur, "termin_beschrieben", row)
    return row


@transaction.atomic
def delete_termin(termin: Termin, akteur: Person) -> None:
    """Remove a session of a draft. A published course keeps its sessions: they are cancelled with a reason.

    Raises PermissionDenied; DomainError `termin_veroeffentlicht`.
    """
    row = _lock_termin(termin, akteur)
    if row.kurs.status != KursStatus.ENTWURF:
        raise DomainError(
            "termin_veroeffentlicht", _("Der Kurs ist veröffentlicht. Bitte sagen Sie den Termin mit Grund ab.")
        )
    record_audit(akteur, "termin_geloescht", row.kurs, termin=row.public_id)
    row.delete()
    _refresh_zeitraum(row.kurs)

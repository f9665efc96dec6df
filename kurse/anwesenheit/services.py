"""Writing attendance: one act for all participants of a session, closing and reopening its list."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kurse.anwesenheit.eintrag import AnwesenheitEintrag, Inhalt, Konflikt
from kurse.anwesenheit.enums import Herkunft, Listenakt
from kurse.anwesenheit.lage import Bestand, Lage, load_bestand, load_pausen
from kurse.anwesenheit.models import Anwesenheitsstand, Anwesenheitsvermerk, Listenereignis
from kurse.anwesenheit.permissions import with_rechte
from kurse.anwesenheit.regeln import check_recordable, resolve_inhalt
from kurse.einschreibung.enums import NIMMT_TEIL
from kurse.einschreibung.models import Einschreibung
from kurse.planung.enums import TerminStatus
from kurse.planung.models import Termin
from lms.core.audit import record_audit
from lms.core.errors import DomainError
from lms.konten.models import Person


class AnwesenheitKonflikt(DomainError):
    """Somebody else recorded something different meanwhile. Nothing was written; `konflikte` shows both sides."""

    def __init__(self, konflikte: list[Konflikt]) -> None:
        self.konflikte = konflikte
        super().__init__(
            "anwesenheit_konflikt",
            _(
                "Für %(anzahl)s Person(en) wurde inzwischen etwas anderes erfasst. Es wurde noch nichts gespeichert: "
                "Bitte vergleichen Sie und speichern Sie noch einmal."
            )
            % {"anzahl": len(konflikte)},
            details={
                "konflikte": [
                    {
                        "einschreibung": k.einschreibung_id,
                        "vermerk": k.vermerk_id,
                        "stand": k.stand.as_json(),
                        "gesendet": k.eigener.as_json(),
                    }
                    for k in konflikte
                ]
            },
        )


@dataclass(slots=True)
class _Schritt:
    """One entry of the request together with what it would do."""

    eintrag: AnwesenheitEintrag
    lage: Lage
    inhalt: Inhalt
    schreibt: bool = False


def _lock(termin: Termin, akteur: Person) -> Termin:
    """The session row is the lock of its list; the rights of `akteur` are read with it."""
    rows = Termin.objects.select_for_update(of=("self",)).select_related("kurs")
    return with_rechte(rows, akteur).get(pk=termin.pk)


def record_anwesenheit(
    termin: Termin,
    akteur: Person,
    eintraege: Sequence[AnwesenheitEintrag],
    *,
    herkunft: str = Herkunft.LEHRENDE,
) -> list[Anwesenheitsstand]:
    """Record many people of one session; all or nothing. Returns the current state per entry, in their order.

    What is recorded already is not written again. A different state becomes a new entry that replaces the old one;
    after the list was closed it needs a reason. Raises PermissionDenied, or DomainError: `termin_abgesagt`,
    `kurs_nicht_aktiv`, `termin_in_zukunft`, `nimmt_nicht_teil`, `eintrag_doppelt`, `grund_fehlt`,
    `schluessel_vergeben`, `anwesenheit_konflikt` (class AnwesenheitKonflikt), and those of `resolve_inhalt`.
    """
    try:
        with transaction.atomic():
            return _record(termin, akteur, list(eintraege), herkunft)
    except IntegrityError as exc:
        # The lock serialises one session; only a key that another session uses at the same moment gets here.
        if "client_key" in str(exc):
            raise _key_taken() from exc
        raise


def _record(termin: Termin, akteur: Person, eintraege: list[AnwesenheitEintrag], herkunft: str) -> list:
    termin = _lock(termin, akteur)
    if not termin.darf_erfassen:  # type: ignore[attr-defined]
        raise PermissionDenied
    check_recordable(termin)
    pausen = load_pausen(termin, eintraege)
    bestand = load_bestand(termin, eintraege)
    schritte = _plan(termin, eintraege, bestand, pausen)
    _check_konflikte(bestand, schritte)
    neu = [s for s in schritte if s.schreibt]
    if any(s.lage.person_id == akteur.pk for s in neu):
        raise DomainError("eigene_anwesenheit", _("Die eigene Anwesenheit kann nur eine andere Person erfassen."))
    if termin.liste_geschlossen and any(not s.eintrag.grund.strip() for s in neu):
        raise DomainError(
            "grund_fehlt",
            _("Die Liste ist geschlossen. Bitte begründen Sie die Berichtigung."),
            field="grund",
        )
    geschrieben = _write(termin, akteur, neu, herkunft)
    if neu:
        record_audit(
            akteur,
            "anwesenheit_erfasst",
            termin,
            anzahl=len(neu),
            berichtigt=sum(1 for s in neu if s.lage.vermerk_id),
            herkunft=str(herkunft),
            nach_schliessung=termin.liste_geschlossen,
        )
    return [geschrieben.get(s.lage.pk) or s.lage.stand for s in schritte]


def _plan(termin: Termin, eintraege: list[AnwesenheitEintrag], bestand: Bestand, pausen: Sequence) -> list[_Schritt]:
    schritte, seen = [], set()
    for eintrag in eintraege:
        lage = bestand.personen.get(eintrag.einschreibung_id)
        details = {"einschreibung": eintrag.einschreibung_id}
        if lage is None or not (lage.nimmt_teil or lage.vermerk_id):
            raise DomainError("nimmt_nicht_teil", _("Diese Person nimmt an diesem Kurs nicht teil."), details=details)
        if lage.pk in seen:
            raise DomainError("eintrag_doppelt", _("Eine Person ist doppelt angegeben."), details=details)
        seen.add(lage.pk)
        schritt = _Schritt(eintrag, lage, resolve_inhalt(eintrag, termin, pausen))
        schritt.schreibt = _is_new(termin, schritt, bestand.nach_schluessel.get(eintrag.client_key))
        if schritt.schreibt and not lage.nimmt_teil:
            raise DomainError("nimmt_nicht_teil", _("Diese Person nimmt nicht mehr teil."), details=details)
        schritte.append(schritt)
    return schritte


def _is_new(termin: Termin, schritt: _Schritt, used: Anwesenheitsvermerk | None) -> bool:
    """False when the same was sent before with this key, or is what stands anyway."""
    if used is not None:
        same_place = (used.termin_id, used.einschreibung_id) == (termin.pk, schritt.lage.pk)
        if same_place and Inhalt.of(used) == schritt.inhalt:
            return False
        raise _key_taken(schritt.lage.public_id)
    return schritt.inhalt != schritt.lage.inhalt


def _key_taken(public_id: str = "") -> DomainError:
    return DomainError(
        "schluessel_vergeben",
        _("Dieses Formular wurde schon mit anderem Inhalt gespeichert. Bitte prüfen Sie es und speichern Sie erneut."),
        details={"einschreibung": public_id} if public_id else {},
    )


def _check_konflikte(bestand: Bestand, schritte: list[_Schritt]) -> None:
    """The last one wins only on what they saw. A stale form that merely repeats what it saw changes nothing."""
    stale = [s for s in schritte if s.schreibt and s.eintrag.basis is not None and s.eintrag.basis != s.lage.vermerk_id]
    konflikte = []
    for schritt in stale:
        basis = bestand.vermerke.get(schritt.eintrag.basis or 0)
        if basis and basis.einschreibung_id == schritt.lage.pk and Inhalt.of(basis) == schritt.inhalt:
            schritt.schreibt = False
        elif (stand := schritt.lage.inhalt) is not None:
            konflikte.append(Konflikt(schritt.lage.public_id, schritt.lage.vermerk_id, stand, schritt.inhalt))
    if konflikte:
        raise AnwesenheitKonflikt(konflikte)


def _write(termin: Termin, akteur: Person, neu: list[_Schritt], herkunft: str) -> dict[int, Anwesenheitsstand]:
    """Ledger rows and the states that follow from them: two statements."""
    vermerke = Anwesenheitsvermerk.objects.bulk_create(
        Anwesenheitsvermerk(
            termin=termin,
            einschreibung_id=s.lage.pk,
            status=s.inhalt.status,
            minuten=s.inhalt.minuten,
            von=s.inhalt.von,
            bis=s.inhalt.bis,
            modus=s.inhalt.modus,
            notiz=s.inhalt.notiz,
            herkunft=herkunft,
            grund=" ".join(s.eintrag.grund.split()),
            erfasst_von=akteur,
            ersetzt_id=s.lage.vermerk_id or None,
            client_key=s.eintrag.client_key,
        )
        for s in neu
    )
    staende = Anwesenheitsstand.objects.bulk_create(
        (
            Anwesenheitsstand(
                termin=termin, einschreibung_id=v.einschreibung_id, vermerk=v, status=v.status, minuten=v.minuten
            )
            for v in vermerke
        ),
        update_conflicts=True,
        unique_fields=["termin", "einschreibung"],
        update_fields=["vermerk", "status", "minuten", "updated_at"],
    )
    return {s.einschreibung_id: s for s in staende}


@transaction.atomic
def close_liste(termin: Termin, akteur: Person) -> Termin:
    """Close the list: from now on a change needs a reason. Closing a closed list changes nothing.

    Raises PermissionDenied, or DomainError: `termin_abgesagt`, `termin_in_zukunft` (it has not begun),
    `liste_unvollstaendig` (somebody has no state; `details["offen"]` says how many).
    """
    termin = _lock(termin, akteur)
    if not termin.darf_erfassen:  # type: ignore[attr-defined]
        raise PermissionDenied
    if termin.liste_geschlossen:
        return termin
    if termin.status == TerminStatus.ABGESAGT:
        raise DomainError("termin_abgesagt", _("Dieser Termin ist abgesagt."))
    if timezone.now() < termin.beginn:
        raise DomainError("termin_in_zukunft", _("Die Liste kann erst nach dem Beginn des Termins geschlossen werden."))
    offen = (
        Einschreibung.objects.filter(kurs_id=termin.kurs_id, status__in=NIMMT_TEIL)
        .exclude(pk__in=Anwesenheitsstand.objects.filter(termin=termin).values("einschreibung_id"))
        .count()
    )
    if offen:
        raise DomainError(
            "liste_unvollstaendig",
            _("Die Liste kann noch nicht geschlossen werden: Für %(anzahl)s Person(en) ist noch nichts erfasst.")
            % {"anzahl": offen},
            details={"offen": offen},
        )
    termin.liste_geschlossen_at, termin.liste_geschlossen_von = timezone.now(), akteur
    termin.save(update_fields=["liste_geschlossen_at", "liste_geschlossen_von", "updated_at"])
    Listenereignis.objects.create(termin=termin, art=Listenakt.GESCHLOSSEN, person=akteur)
    record_audit(akteur, "liste_geschlossen", termin)
    return termin


@transaction.atomic
def reopen_liste(termin: Termin, akteur: Person, grund: str) -> Termin:
    """Open a closed list again; only the provider may, and says why. An open list stays as it is.

    Raises PermissionDenied, or DomainError: `grund_fehlt`, `grund_zu_lang`.
    """
    termin = _lock(termin, akteur)
    if not termin.darf_verwalten:  # type: ignore[attr-defined]
        raise PermissionDenied
    if not termin.liste_geschlossen:
        return termin
    grund = " ".join(grund.split())
    if not grund:
        raise DomainError("grund_fehlt", _("Bitte begründen Sie, warum die Liste wieder geöffnet wird."), field="grund")
    if len(grund) > 300:
        raise DomainError("grund_zu_lang", _("Die Begründung hat höchstens 300 Zeichen."), field="grund")
    termin.liste_geschlossen_at = termin.liste_geschlossen_von = None
    termin.save(update_fields=["liste_geschlossen_at", "liste_geschlossen_von", "updated_at"])
    Listenereignis.objects.create(termin=termin, art=Listenakt.GEOEFFNET, person=akteur, grund=grund)
    record_audit(akteur, "liste_geoeffnet", termin)
    return termin

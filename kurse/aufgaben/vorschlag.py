"""The result of a module as the rules propose it, with everything it is made of. Reads only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kurse.anwesenheit.enums import AnwesenheitStatus
from kurse.anwesenheit.models import Anwesenheitsstand
from kurse.anwesenheit.selectors import name_key
from kurse.anwesenheit.zeiten import Zeiten, anteil, schwelle_erreicht, zeiten_of
from kurse.aufgaben.enums import AufgabeArt, Aufgabenstand, VorschlagStatus
from kurse.aufgaben.models import Aufgabe
from kurse.aufgaben.noten import gewichtetes_mittel, modulnote, rundungsregel
from kurse.aufgaben.selectors import Stand, staende_of
from kurse.einschreibung.enums import NIMMT_TEIL
from kurse.einschreibung.models import Einschreibung
from kurse.planung.enums import TerminStatus
from kurse.planung.models import Kurs, Termin
from lms.core.templatetags.formate import datum, prozent
from module.enums import Geltungsbereich, SkalenArt, UeRundung
from module.models import Anwesenheitsregel, Notenskala
from module.ue import ue_from_minuten

BESUCHT = (AnwesenheitStatus.ANWESEND, AnwesenheitStatus.TEILWEISE)


@dataclass(frozen=True, slots=True)
class Vorschlag:
    """A proposal for one enrolment.

    `gruende` says in German what is missing (empty when passed), `offene_termine` are past sessions whose attendance is
    not recorded or whose list is not closed; `anteil` is percent, cut off. `berechnung` is JSON-able and is frozen
    with the confirmed result.
    """

    einschreibung: Einschreibung
    status: str
    gruende: list[str]
    ue_geplant: Decimal
    ue_besucht: Decimal
    anteil: Decimal | None
    note: Decimal | None
    anforderungen_erfuellt_am: date | None
    berechnung: dict[str, Any]
    offene_termine: list[Termin] = field(default_factory=list)

    @property
    def entschieden(self) -> bool:
        """The rules give a result; it can be confirmed as it is."""
        return self.status != VorschlagStatus.OFFEN and not self.offene_termine

    @property
    def label(self) -> str:
        return str(VorschlagStatus(self.status).label)


@dataclass(frozen=True, slots=True)
class _Grundlage:
    """What all people of the course share, read once."""

    kurs: Kurs
    regel: Anwesenheitsregel | None
    termine: list[Termin]
    aufgaben: list[Aufgabe]
    skala: Notenskala | None
    jetzt: datetime

    @property
    def vergangen(self) -> list[Termin]:
        """Sessions that count as held: over, or with a closed list (as in `kurse.anwesenheit.zeiten`)."""
        return [termin for termin in self.termine if termin.ende <= self.jetzt or termin.liste_geschlossen]

    @property
    def ausstehend(self) -> int:
        return len(self.termine) - len(self.vergangen)

    @property
    def ue_rundung(self) -> str:
        return self.regel.ue_rundung if self.regel else UeRundung.EXAKT


@dataclass(slots=True)
class _Urteil:
    """Collects what speaks against "passed"."""

    unvollstaendig: list[str] = field(default_factory=list)
    durchgefallen: list[str] = field(default_factory=list)
    offen: list[str] = field(default_factory=list)

    @property
    def status(self) -> str:
        if self.unvollstaendig:
            return VorschlagStatus.OFFEN
        if self.durchgefallen:
            return VorschlagStatus.NICHT_BESTANDEN
        return VorschlagStatus.OFFEN if self.offen else VorschlagStatus.BESTANDEN

    @property
    def gruende(self) -> list[str]:
        return [*self.unvollstaendig, *self.durchgefallen, *self.offen]


def propose_ergebnis(einschreibung: Einschreibung) -> Vorschlag:
    return propose_many(einschreibung.kurs, [einschreibung])[0]


def propose_for_kurs(kurs: Kurs) -> list[Vorschlag]:
    """Proposals for everybody who takes part, by name; a constant number of queries."""
    rows = Einschreibung.objects.filter(kurs=kurs, status__in=NIMMT_TEIL).select_related("person")
    return propose_many(kurs, sorted(rows, key=name_key))


def propose_many(kurs: Kurs, einschreibungen: Iterable[Einschreibung]) -> list[Vorschlag]:
    people = list(einschreibungen)
    if not people:
        return []
    grundlage = _read_grundlage(kurs)
    zeiten = zeiten_of(people)
    besuche: dict[int, dict[int, Anwesenheitsstand]] = {}
    for row in Anwesenheitsstand.objects.filter(einschreibung__in=people, termin__in=grundlage.termine):
        besuche.setdefault(row.einschreibung_id, {})[row.termin_id] = row
    staende = staende_of(grundlage.aufgaben, people)
    return [
        _propose(
            grundlage,
            person,
            zeiten[person.pk],
            besuche.get(person.pk, {}),
            [staende[(aufgabe.pk, person.pk)] for aufgabe in grundlage.aufgaben],
        )
        for person in people
    ]


def _read_grundlage(kurs: Kurs) -> _Grundlage:
    kurs = Kurs.objects.select_related(
        "modulversion__modul", "modulversion__anwesenheitsregel", "modulversion__notenskala"
    ).get(pk=kurs.pk)
    version = kurs.modulversion
    aufgaben = list(Aufgabe.objects.filter(kurs=kurs).select_related("notenskala"))
    return _Grundlage(
        kurs,
        version.anwesenheitsregel if version else None,
        list(Termin.objects.filter(kurs=kurs, status=TerminStatus.GEPLANT)),
        aufgaben,
        _skala_of(version.notenskala if version else None, aufgaben),
        timezone.now(),
    )


def _skala_of(module_scale: Notenskala | None, aufgaben: Sequence[Aufgabe]) -> Notenskala | None:
    """The module's scale; if the version does not say, the one scale that all graded mandatory parts share."""
    if module_scale is not None:
        return module_scale
    scales = {aufgabe.notenskala for aufgabe in aufgaben if aufgabe.pflicht and aufgabe.notenskala}
    return scales.pop() if len(scales) == 1 else None


def skala_of_kurs(kurs: Kurs) -> Notenskala | None:
    """The scale of the module grade of a course, None if it is not graded."""
    version = kurs.modulversion
    aufgaben = list(Aufgabe.objects.filter(kurs=kurs).select_related("notenskala"))
    return _skala_of(version.notenskala if version else None, aufgaben)


def _propose(
    grundlage: _Grundlage,
    einschreibung: Einschreibung,
    zeiten: Zeiten,
    besuche: dict[int, Anwesenheitsstand],
    staende: list[Stand],
) -> Vorschlag:
    urteil = _Urteil()
    offene = [t for t in grundlage.vergangen if not t.liste_geschlossen or t.pk not in besuche]
    _judge_termine(urteil, grundlage, offene)
    _judge_anwesenheit(urteil, grundlage, zeiten)
    for stand in staende:
        if stand.aufgabe.pflicht:
            _judge_aufgabe(urteil, stand)
    note, notenrechnung = _judge_note(urteil, grundlage.skala, staende)
    status = urteil.status
    erfuellt_am = _erfuellt_am(grundlage, besuche, staende) if status == VorschlagStatus.BESTANDEN else None
    prozentsatz = anteil(zeiten, grundlage.regel) if grundlage.regel else None
    berechnung = {
        "vorschlag": str(status),
        "gruende": urteil.gruende,
        "modulversion": _version_facts(grundlage.kurs),
        "regel": _regel_facts(grundlage.regel),
        "anwesenheit": {
            "minuten_geplant": zeiten.minuten_geplant,
            "minuten_gehalten": zeiten.minuten_gehalten,
            "minuten_besucht": zeiten.minuten_besucht,
            "minuten_entschuldigt": zeiten.minuten_entschuldigt,
            "anteil": str(prozentsatz) if prozentsatz is not None else None,
        },
        "termine": [_termin_facts(termin, besuche.get(termin.pk)) for termin in grundlage.termine],
        "aufgaben": [_aufgabe_facts(stand) for stand in staende],
        "note": notenrechnung,
    }
    return Vorschlag(
        einschreibung,
        status,
        urteil.gruende,
        ue_from_minuten(zeiten.minuten_geplant, grundlage.ue_rundung),
        ue_from_minuten(zeiten.minuten_besucht, grundlage.ue_rundung),
        prozentsatz,
        note,
        erfuellt_am,
        berechnung,
        offene,
    )


def _judge_termine(urteil: _Urteil, grundlage: _Grundlage, offene: list[Termin]) -> None:
    if offene:
        urteil.unvollstaendig.append(
            _("Anwesenheit noch nicht vollständig erfasst oder Liste nicht geschlossen: %(termine)s")
            % {"termine": ", ".join(datum(termin.beginn) for termin in offene)}
        )
    if grundlage.ausstehend:
        urteil.unvollstaendig.append(
            ngettext(
                "Es steht noch %(anzahl)s Termin aus.", "Es stehen noch %(anzahl)s Termine aus.", grundlage.ausstehend
            )
            % {"anzahl": grundlage.ausstehend}
        )


def _judge_anwesenheit(urteil: _Urteil, grundlage: _Grundlage, zeiten: Zeiten) -> None:
    regel = grundlage.regel
    if regel is None or regel.geltungsbereich == Geltungsbereich.PROGRAMM:
        if grundlage.vergangen and not zeiten.minuten_besucht:
            urteil.durchgefallen.append(_("An keinem Termin teilgenommen."))
        return
    if schwelle_erreicht(zeiten, regel):
        return
    text = _("Anwesenheit %(anteil)s, nötig sind %(schwelle)s") % {
        "anteil": prozent(anteil(zeiten, regel), 2),
        "schwelle": prozent(regel.schwelle_prozent, 2),
    }
    if regel.ausgleich_zulaessig:
        form = regel.ausgleich_form or _("Form nach Absprache")
        urteil.offen.append(_("%(text)s; Ausgleich ist zulässig (%(form)s).") % {"text": text, "form": form})
    else:
        urteil.durchgefallen.append(_("%(text)s; ein Ausgleich ist nicht vorgesehen.") % {"text": text})


def _judge_aufgabe(urteil: _Urteil, stand: Stand) -> None:
    if stand.stand == Aufgabenstand.BESTANDEN:
        return
    text = f"{stand.aufgabe.titel}: {stand.label}"
    closed = stand.stand == Aufgabenstand.UEBERFAELLIG and not stand.aufgabe.verspaetet_erlaubt
    if closed or stand.stand == Aufgabenstand.NICHT_BESTANDEN:
        urteil.durchgefallen.append(text)
    elif stand.aufgabe.art == AufgabeArt.PRUEFUNG:
        urteil.offen.append(_("%(titel)s: Ergebnis fehlt noch") % {"titel": stand.aufgabe.titel})
    else:
        urteil.offen.append(text)


def is_benotet(skala: Notenskala | None) -> bool:
    return skala is not None and skala.art != SkalenArt.BESTANDEN


def _judge_note(
    urteil: _Urteil, skala: Notenskala | None, staende: list[Stand]
) -> tuple[Decimal | None, dict[str, Any]]:
    """Weighted mean of the mandatory graded parts once all are passed; optional parts never count."""
    graded = [stand for stand in staende if stand.aufgabe.pflicht and stand.aufgabe.notenskala]
    if skala is None or not is_benotet(skala):
        return None, {}
    if not graded:
        urteil.offen.append(_("Das Modul wird benotet, aber keine Pflichtaufgabe hat eine Note."))
        return None, {}
    parts = [
        (stand.bewertung.note, stand.aufgabe.gewicht)
        for stand in graded
        if stand.stand == Aufgabenstand.BESTANDEN and stand.bewertung and stand.bewertung.note is not None
    ]
    mittel, note = gewichtetes_mittel(parts), modulnote(parts, skala.art)
    if len(parts) < len(graded) or mittel is None or note is None:
        return None, {}
    return note, {
        "skala": skala.bezeichnung,
        "regel": rundungsregel(skala.art),
        "mittel": str(mittel.quantize(Decimal("0.0001"), ROUND_DOWN)),
        "wert": str(note),
    }


def _erfuellt_am(grundlage: _Grundlage, besuche: dict[int, Anwesenheitsstand], staende: list[Stand]) -> date:
    """The day the last requirement was met: last attended session or last passing grade, whichever is later."""
    days = [
        timezone.localdate(termin.ende)
        for termin in grundlage.termine
        if termin.pk in besuche and besuche[termin.pk].status in BESUCHT
    ]
    days += [
        timezone.localdate(stand.bewertung.created_at) for stand in staende if stand.aufgabe.pflicht and stand.bewertung
    ]
    return max(days, default=timezone.localdate(grundlage.jetzt))


def _version_facts(kurs: Kurs) -> dict[str, Any] | None:
    version = kurs.modulversion
    if version is None:
        return None
    return {"id": version.public_id, "code": version.modul.code, "titel": version.titel, "nummer": version.nummer}


def _regel_facts(regel: Anwesenheitsregel | None) -> dict[str, Any] | None:
    if regel is None:
        return None
    return {
        "id": regel.public_id,
        "bezeichnung": regel.bezeichnung,
        "schwelle_prozent": str(regel.schwelle_prozent),
        "geltungsbereich": str(regel.get_geltungsbereich_display()),
        "entschuldigt": str(regel.get_entschuldigt_zaehlt_display()),
        "ausgleich": regel.ausgleich_form if regel.ausgleich_zulaessig else "",
        "ue_rundung": str(regel.get_ue_rundung_display()),
        "quelle": regel.quelle,
        "quelle_url": regel.quelle_url,
        "gueltig_ab": regel.gueltig_ab.isoformat(),
    }


def _termin_facts(termin: Termin, stand: Anwesenheitsstand | None) -> dict[str, Any]:
    return {
        "id": termin.public_id,
        "beginn": termin.beginn.isoformat(),
        "thema": termin.thema,
        "minuten": termin.minuten,
        "status": stand.status if stand else "",
        "status_text": str(AnwesenheitStatus(stand.status).label) if stand else _("nicht erfasst"),
        "besucht": stand.minuten if stand else None,
        "vermerk": stand.vermerk_id if stand else None,
        "liste_geschlossen": termin.liste_geschlossen,
    }


def _aufgabe_facts(stand: Stand) -> dict[str, Any]:
    bewertung = stand.bewertung
    return {
        "id": stand.aufgabe.public_id,
        "titel": stand.aufgabe.titel,
        "pflicht": stand.aufgabe.pflicht,
        "gewicht": str(stand.aufgabe.gewicht),
        "stand": str(stand.stand),
        "stand_text": stand.label,
        "abgabe": stand.abgabe.public_id if stand.abgabe else None,
        "note": str(bewertung.note) if bewertung and bewertung.note is not None else None,
        "bewertet_am": timezone.localdate(bewertung.created_at).isoformat() if bewertung else None,
    }

"""The way of one person through the programmes that contain the person's modules."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kurse.fortschritt.enums import Bausteinstand, Modulstand
from kurse.fortschritt.staende import Kursstand
from kurse.planung.enums import KursStatus
from kurse.planung.models import Kurs
from lms.core.templatetags.formate import datum
from module.enums import BausteinArt, VersionStatus
from module.models import Baustein, Programmversion

#: Open courses shown per missing module.
ANGEBOTE_JE_MODUL = 3


@dataclass(slots=True)
class Schritt:
    """One part of a programme. `art` is the picture, `status` the words when they differ from the usual ones."""

    baustein: Baustein
    art: str
    status: str = ""
    text: str = ""
    url: str = ""
    stand: Kursstand | None = None
    angebote: list[Kurs] = field(default_factory=list)
    noetig: bool = True

    @property
    def titel(self) -> str:
        return self.baustein.titel

    @property
    def ist_modul(self) -> bool:
        return self.baustein.modul_id is not None

    @property
    def kurs_ids(self) -> list[str]:
        """Public ids of the open courses."""
        return [kurs.public_id for kurs in self.angebote]

    @property
    def ects(self) -> Decimal | None:
        """Credits: those of the version that was taken, else what the programme states. None means unknown."""
        if self.stand is not None and self.stand.version is not None and self.stand.version.ects is not None:
            return self.stand.version.ects
        return self.baustein.ects


@dataclass(slots=True)
class Programmweg:
    """A programme version with its parts in order, and what is done of what is needed (modules only)."""

    version: Programmversion
    schritte: list[Schritt] = field(default_factory=list)
    noetig: int = 0
    erledigt: int = 0

    @property
    def titel(self) -> str:
        return self.version.programm.titel

    @property
    def public_id(self) -> str:
        return self.version.programm.public_id

    def _with(self, *arten: str) -> list[Schritt]:
        return [schritt for schritt in self.schritte if schritt.art in arten]

    @property
    def fertig(self) -> list[Schritt]:
        return self._with(Bausteinstand.FERTIG)

    @property
    def laufend(self) -> list[Schritt]:
        return self._with(Bausteinstand.LAUFEND)

    @property
    def fehlend(self) -> list[Schritt]:
        """Modules that still have to be taken: needed, and neither done nor running."""
        missing = self._with(Bausteinstand.NAECHSTE, Bausteinstand.FEHLT)
        return [schritt for schritt in missing if schritt.ist_modul and schritt.noetig]

    @property
    def ohne_angebot(self) -> list[Schritt]:
        return [schritt for schritt in self.fehlend if not schritt.angebote]

    @property
    def ohne_kurs(self) -> list[Schritt]:
        """Practice, colloquium and the like: parts that no course of this service stands for."""
        return [schritt for schritt in self.schritte if not schritt.ist_modul]

    @property
    def abgeschlossen(self) -> bool:
        return self.noetig > 0 and self.erledigt >= self.noetig and not self.ohne_kurs

    @property
    def ue_besucht(self) -> Decimal:
        return sum((s.stand.ue_besucht for s in self.schritte if s.stand and s.stand.nimmt_teil), Decimal(0))

    @property
    def ue_geplant(self) -> Decimal:
        return sum((s.stand.ue_geplant for s in self.schritte if s.stand and s.stand.nimmt_teil), Decimal(0))

    @property
    def ects_erreicht(self) -> Decimal:
        return sum((s.ects for s in self.fertig if s.ects is not None), Decimal(0))


def bausteine_je_programm(modul_ids: Iterable[int]) -> list[Programmversion]:
    """Per programme that contains one of the modules the published version, else the last superseded; two queries.

    Each version carries `teile`: its parts in order.
    """
    ids = list(modul_ids)
    if not ids:
        return []
    rows = (
        Programmversion.objects.filter(
            Q(pk__in=Baustein.objects.filter(modul__in=ids).values("programmversion")),
            status__in=(VersionStatus.VEROEFFENTLICHT, VersionStatus.ABGELOEST),
        )
        .select_related("programm", "anwesenheitsregel")
        .prefetch_related("bausteine")
        .order_by("programm__titel", "programm_id", "nummer")
    )
    chosen: dict[int, Programmversion] = {}
    for row in rows:
        best = chosen.get(row.programm_id)
        if best is None or best.status != VersionStatus.VEROEFFENTLICHT:
            chosen[row.programm_id] = row
    return list(chosen.values())


def open_kurse_je_modul(modul_ids: Iterable[int]) -> dict[int, list[Kurs]]:
    """The next courses with open enrolment per module, in one query."""
    now = timezone.now()
    found: dict[int, list[Kurs]] = {}
    rows = (
        Kurs.objects.filter(
            modulversion__modul__in=list(modul_ids),
            status=KursStatus.VEROEFFENTLICHT,
            anmeldung_von__lte=now,
            anmeldung_bis__gt=now,
        )
        .select_related("modulversion", "veranstalter")
        .order_by(F("beginn").asc(nulls_last=True), "id")
    )
    for row in rows:
        if row.modulversion:
            found.setdefault(row.modulversion.modul_id, []).append(row)
    return {modul_id: kurse[:ANGEBOTE_JE_MODUL] for modul_id, kurse in found.items()}


_RANG = {
    Modulstand.ABGESCHLOSSEN: 0,
    Modulstand.LAUFEND: 1,
    Modulstand.ANGEMELDET: 2,
    Modulstand.WARTELISTE: 3,
    Modulstand.NICHT_BESTANDEN: 4,
    Modulstand.BEENDET: 5,
}


def best_stand_je_modul(staende: Iterable[Kursstand]) -> dict[int, Kursstand]:
    """The enrolment that says most about a module when there are several."""
    found: dict[int, Kursstand] = {}
    for stand in sorted(staende, key=lambda row: (_RANG[row.stand], -row.einschreibung.pk)):
        if stand.modul_id is not None:
            found.setdefault(stand.modul_id, stand)
    return found


def programmwege_of(staende: Iterable[Kursstand]) -> list[Programmweg]:
    """Three queries at most; the programme with the most progress comes first."""
    best = best_stand_je_modul(staende)
    aktiv = {pk: row for pk, row in best.items() if row.stand is not Modulstand.BEENDET}
    versionen = bausteine_je_programm(aktiv)
    alle = {teil.modul_id for version in versionen for teil in version.bausteine.all() if teil.modul_id}
    angebote = open_kurse_je_modul(alle - {pk for pk, row in aktiv.items() if row.nimmt_teil}) if alle else {}
    failed = [pk for pk, row in aktiv.items() if row.stand is Modulstand.NICHT_BESTANDEN and pk in alle]
    if failed:
        angebote |= open_kurse_je_modul(failed)
    wege = [_weg(version, best, angebote) for version in versionen]
    return sorted(wege, key=lambda weg: (-weg.erledigt, -len(weg.laufend), weg.titel))


def _weg(version: Programmversion, best: dict[int, Kursstand], angebote: dict[int, list[Kurs]]) -> Programmweg:
    weg = Programmweg(version)
    for teil in version.bausteine.all():
        weg.schritte.append(_schritt(teil, best.get(teil.modul_id or 0), angebote.get(teil.modul_id or 0, [])))
    _count(weg)
    return weg


def _schritt(teil: Baustein, stand: Kursstand | None, angebote: list[Kurs]) -> Schritt:
    if teil.modul_id is None:
        text = _("wird beim Veranstalter nachgewiesen, nicht in einem Kurs")
        return Schritt(teil, Bausteinstand.FEHLT, str(teil.get_art_display()), text)
    if stand is not None and stand.stand is Modulstand.ABGESCHLOSSEN:
        return Schritt(teil, Bausteinstand.FERTIG, stand=stand, url=_kurs_url(stand))
    if stand is not None and stand.stand is Modulstand.LAUFEND:
        return Schritt(teil, Bausteinstand.LAUFEND, text=stand.kurs.titel, stand=stand, url=_kurs_url(stand))
    if stand is not None and stand.stand in (Modulstand.ANGEMELDET, Modulstand.WARTELISTE):
        status = str(stand.stand.label)
        return Schritt(teil, Bausteinstand.NAECHSTE, status, stand.kurs.titel, _kurs_url(stand), stand, angebote)
    status = str(stand.stand.label) if stand is not None and stand.stand is Modulstand.NICHT_BESTANDEN else ""
    if not angebote:
        return Schritt(teil, Bausteinstand.FEHLT, status, _("zurzeit kein offener Kurs"), stand=stand)
    first = angebote[0]
    text = _("nächster Kurs ab %(tag)s") % {"tag": datum(first.beginn)} if first.beginn else _("Anmeldung möglich")
    url = reverse("kurs", args=[first.public_id])
    return Schritt(teil, Bausteinstand.NAECHSTE, status, text, url, stand, angebote)


def _kurs_url(stand: Kursstand) -> str:
    return reverse("kurs", args=[stand.kurs.public_id])


def _count(weg: Programmweg) -> None:
    """Mandatory modules count one each; of an elective group as many as it asks for (one unless stated)."""
    gruppen: dict[str, list[Schritt]] = {}
    for schritt in weg.schritte:
        if not schritt.ist_modul:
            continue
        if schritt.baustein.art == BausteinArt.WAHLPFLICHT:
            gruppen.setdefault(schritt.baustein.gruppe, []).append(schritt)
        else:
            weg.noetig += 1
            weg.erledigt += schritt.art == Bausteinstand.FERTIG
    for schritte in gruppen.values():
        need = min(max((s.baustein.gruppe_mindestens or 1) for s in schritte), len(schritte))
        done = sum(1 for s in schritte if s.art == Bausteinstand.FERTIG)
        weg.noetig += need
        weg.erledigt += min(need, done)
        _mark_optional(schritte, need, done)


def _mark_optional(schritte: list[Schritt], need: int, done: int) -> None:
    for schritt in schritte:
        if schritt.art in (Bausteinstand.FERTIG, Bausteinstand.LAUFEND):
            continue
        if done >= need:
            schritt.noetig, schritt.status, schritt.text = False, _("nicht mehr nötig"), _("Wahlpflicht ist erfüllt")
        else:
            open_text = ngettext("noch %(n)s zur Wahl", "noch %(n)s zur Wahl", need - done) % {"n": need - done}
            schritt.text = " · ".join(filter(None, [schritt.text, open_text]))

"""Writing the rows of a curricula file into a catalogue: all of them or none, and a second run changes nothing.

A published version is never edited. When the source changed, the import publishes a new version; where partners have
meanwhile made the module or programme their own (a version of theirs, or an open draft), it only says so.
"""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lms.core.audit import record_audit
from lms.konten.models import Organisation, Person
from module import programme, services
from module.enums import BausteinArt
from module.models import Anwesenheitsregel, Baustein, Modul, Modulkatalog, Modulversion, Programm, Programmversion
from module.quelle import Teil, Zeile, read_quelle
from module.regeln import load_regeln, regel_je_programm

NEU, GEAENDERT, UNVERAENDERT, ABGELEHNT = "neu", "geaendert", "unveraendert", "abgelehnt"
GRUPPE = "Wahlpflicht"


@dataclass(slots=True)
class Ergebnis:
    """What happened to one row; `texte` say it in detail or give the reasons of a refusal."""

    nummer: int
    schluessel: str
    titel: str
    status: str = UNVERAENDERT
    texte: list[str] = field(default_factory=list)

    def note(self, status: str, text: str) -> None:
        """Add a change; a row that is new stays new."""
        self.texte.append(text)
        if self.status == UNVERAENDERT:
            self.status = status


@dataclass(slots=True)
class Bericht:
    zeilen: list[Ergebnis]
    geschrieben: bool

    @property
    def abgelehnt(self) -> bool:
        return any(row.status == ABGELEHNT for row in self.zeilen)

    def anzahl(self, status: str) -> int:
        return sum(row.status == status for row in self.zeilen)


def import_datei(
    path: str | Path, katalog: Modulkatalog, *, akteur: Person | None = None, dry_run: bool = False
) -> Bericht:
    """Import a file into a catalogue. Raises `QuelleUnlesbar` for a file that cannot be read at all."""
    return import_zeilen(read_quelle(path), katalog, akteur=akteur, dry_run=dry_run)


@transaction.atomic
def import_zeilen(
    zeilen: list[Zeile], katalog: Modulkatalog, *, akteur: Person | None = None, dry_run: bool = False
) -> Bericht:
    """Write the rows. With one refused row, or on a dry run, everything is rolled back; the report is the same."""
    with transaction.atomic():
        Modulkatalog.objects.select_for_update().get(pk=katalog.pk)
        load_regeln()
        lauf = _Lauf(katalog, akteur)
        bericht = Bericht([lauf.write(zeile) for zeile in zeilen], geschrieben=False)
        if dry_run or bericht.abgelehnt:
            transaction.set_rollback(True)
            return bericht
        if bericht.anzahl(NEU) or bericht.anzahl(GEAENDERT):
            record_audit(
                akteur, "katalog_importiert", katalog, neu=bericht.anzahl(NEU), geaendert=bericht.anzahl(GEAENDERT)
            )
    bericht.geschrieben = True
    return bericht


def _digest(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, default=str, ensure_ascii=False).encode()).hexdigest()


class _Lauf:
    """One run of the import: the catalogue, who keeps it, and the rules that sources state."""

    def __init__(self, katalog: Modulkatalog, akteur: Person | None) -> None:
        self.katalog, self.akteur = katalog, akteur
        partner = katalog.katalogpartner.select_related("organisation").first()
        self.verantwortlich: Organisation | None = partner.organisation if partner else None
        self.regeln = regel_je_programm()

    def write(self, zeile: Zeile) -> Ergebnis:
        ergebnis = Ergebnis(zeile.nummer, zeile.schluessel, zeile.titel)
        fehler = list(zeile.fehler) or self._conflicts(zeile)
        if fehler:
            ergebnis.status, ergebnis.texte = ABGELEHNT, fehler
            return ergebnis
        programm = self._programm(zeile, ergebnis)
        regel = self.regeln.get(zeile.schluessel)
        module = {
            teil.schluessel: self._modul(zeile, teil, index, regel, ergebnis)
            for index, teil in enumerate(zeile.teile, 1)
            if teil.mit_modul
        }
        self._programmversion(programm, zeile, module, regel, ergebnis)
        return ergebnis

    def _conflicts(self, zeile: Zeile) -> list[str]:
        if self.verantwortlich is None:
            return [_("Der Katalog hat noch keine Partnerorganisation.")]
        other = (
            Programm.objects.filter(import_schluessel=zeile.schluessel)
            .exclude(katalog=self.katalog)
            .select_related("katalog")
            .first()
        )
        if other:
            return [_("Das Programm steht schon im Katalog „%(katalog)s“.") % {"katalog": other.katalog.titel}]
        return []

    def _programm(self, zeile: Zeile, ergebnis: Ergebnis) -> Programm:
        programm, created = Programm.objects.get_or_create(
            import_schluessel=zeile.schluessel, defaults={"katalog": self.katalog, **zeile.programm}
        )
        if created:
            ergebnis.note(NEU, _("Programm neu"))
            return programm
        changed = [name for name, value in zeile.programm.items() if getattr(programm, name) != value]
        if changed:
            for name in changed:
                setattr(programm, name, zeile.programm[name])
            programm.save(update_fields=[*changed, "updated_at"])
            ergebnis.note(GEAENDERT, _("Programm geändert: %(felder)s") % {"felder": ", ".join(changed)})
        return programm

    # --- modules ----------------------------------------------------------------------------------------------------
    def _modul(
        self, zeile: Zeile, teil: Teil, index: int, regel: Anwesenheitsregel | None, ergebnis: Ergebnis
    ) -> Modul:
        felder = _modulfelder(zeile, teil, regel)
        digest = _digest({**felder, "anwesenheitsregel": str(regel or "")})
        modul = Modul.objects.filter(import_schluessel=teil.schluessel).first()
        if modul is None:
            if self.verantwortlich is None:
                raise RuntimeError("rows without a keeper are refused before")
            modul = Modul.objects.create(
                katalog=self.katalog,
                code=self._free_code(zeile, teil, index),
                titel=teil.titel,
                verantwortlich=self.verantwortlich,
                import_schluessel=teil.schluessel,
            )
            self._publish(modul, felder, digest)
            ergebnis.note(NEU, _("Modul neu: %(titel)s") % {"titel": teil.titel})
            return modul
        latest = modul.versionen.order_by("-nummer").first()
        imported = modul.versionen.exclude(import_digest="").order_by("-nummer").first()
        if imported is not None and imported.import_digest == digest:
            return modul
        if latest is not None and not latest.import_digest:
            ergebnis.texte.append(
                _("Modul „%(titel)s“: Quelle geändert; der Katalog hat eine eigene Fassung, bitte dort übernehmen")
                % {"titel": teil.titel}
            )
            return modul
        self._publish(modul, felder, digest)
        ergebnis.note(GEAENDERT, _("Modul in neuer Version: %(titel)s") % {"titel": teil.titel})
        return modul

    def _free_code(self, zeile: Zeile, teil: Teil, index: int) -> str:
        base = zeile.schluessel.upper()[:45].rstrip("-")
        code = f"{base}-{teil.code or f'{index:02d}'}"[:60]
        taken = set(self.katalog.module.filter(code__startswith=base).values_list("code", flat=True))
        while code in taken:
            index += 1
            code = f"{base}-{index:02d}"
        return code

    def _publish(self, modul: Modul, felder: dict[str, Any], digest: str) -> None:
        version = Modulversion(modul=modul, nummer=services.next_nummer(modul), import_digest=digest, **felder)
        version.clean_fields()
        services.publish_locked(version, self.akteur)

    # --- programmes -------------------------------------------------------------------------------------------------
    def _programmversion(
        self,
        programm: Programm,
        zeile: Zeile,
        module: dict[str, Modul],
        regel: Anwesenheitsregel | None,
        ergebnis: Ergebnis,
    ) -> None:
        teile = [_bausteinfelder(teil) for teil in zeile.teile]
        digest = _digest(
            {**zeile.version, "teile": [t.schluessel for t in zeile.teile], "felder": teile, "r": str(regel)}
        )
        versionen = list(programm.versionen.order_by("-nummer"))
        imported = next((version for version in versionen if version.import_digest), None)
        if imported is not None and imported.import_digest == digest:
            return
        if versionen and not versionen[0].import_digest:
            ergebnis.texte.append(_("Quelle geändert; das Programm hat eine eigene Fassung, bitte dort übernehmen"))
            return
        version = Programmversion(
            programm=programm,
            nummer=programme.next_nummer(programm),
            anwesenheitsregel=regel,
            import_digest=digest,
            **zeile.version,
        )
        version.clean_fields()
        programme.publish_locked(version, self.akteur)
        for index, (teil, felder) in enumerate(zip(zeile.teile, teile, strict=True)):
            modul = module.get(teil.schluessel)
            Baustein.objects.create(programmversion=version, modul=modul, reihenfolge=index, **felder)
        if versionen:
            ergebnis.note(GEAENDERT, _("Programm in neuer Version (%(nummer)s)") % {"nummer": version.nummer})


def _modulfelder(zeile: Zeile, teil: Teil, regel: Anwesenheitsregel | None) -> dict[str, Any]:
    split = teil.praesenz is not None or teil.selbststudium is not None
    return {
        "titel": teil.titel,
        "inhalte": "\n".join(teil.themen),
        "pruefungsform": teil.pruefungsform,
        "ects": teil.ects,
        "ue": teil.ue,
        "praesenz_stunden": teil.praesenz,
        "selbststudium_stunden": teil.selbststudium,
        "stunden_gesamt": None if split and _adds_up(teil) else teil.stunden,
        "dauer": teil.dauer,
        "anwesenheitsregel": regel,
        "quelle": f"{zeile.programm['einrichtung']}: {zeile.titel}"[:300],
        "quelle_url": zeile.version["quelle_url"],
    }


def _adds_up(teil: Teil) -> bool:
    """The total is only worth storing when it is not the sum of its parts."""
    return teil.stunden is None or (teil.praesenz or 0) + (teil.selbststudium or 0) == teil.stunden


def _bausteinfelder(teil: Teil) -> dict[str, Any]:
    return {
        "art": teil.art,
        "titel": teil.titel,
        "gruppe": GRUPPE if teil.art == BausteinArt.WAHLPFLICHT else "",
        "ue": teil.ue,
        "stunden": teil.stunden,
        "ects": teil.ects,
    }


def status_counts(bericht: Bericht) -> dict[str, int]:
    return {status: bericht.anzahl(status) for status in (NEU, GEAENDERT, UNVERAENDERT, ABGELEHNT)}

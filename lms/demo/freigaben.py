"""Module versions in every state of the review: draft, waiting for a partner, returned, superseded."""

from decimal import Decimal
from typing import Any

from lms.demo.grundlagen import Grundlagen
from module.enums import SkalenArt
from module.models import Modulversion, Notenskala
from module.services import create_version, decide_freigabe, submit_version, update_version

#: What a version needs to be submitted. Only numbers of this demo: the sources of these modules name none.
PFLICHTANGABEN: dict[str, Any] = {
    "qualifikationsziele": "Die Teilnehmenden kennen die Grundlagen des Themas und wenden sie im eigenen Arbeitsfeld an.",
    "lehrformen": "Seminar, Fallarbeit in Kleingruppen, angeleitetes Selbststudium",
    "voraussetzungen": "Tätigkeit in der Flüchtlingssozialarbeit",
    "vorbereitung": "Ein Fall aus der eigenen Praxis, ohne Namen",
    "verwendbarkeit": "Pflichtmodul der modularen Nachqualifizierung; geeignet für weitere Programme des Katalogs",
    "vergabevoraussetzungen": "Regelmäßige Teilnahme und bestandener Fachbericht",
    "pruefungsform": "Fachbericht, höchstens zwölf Seiten",
    "haeufigkeit": "einmal im Jahr",
    "dauer": "ein Semester",
    "ects": Decimal("5"),
    "ue": Decimal("32"),
    "praesenz_stunden": Decimal("24"),
    "selbststudium_stunden": Decimal("101"),
    "praxis_stunden": Decimal("0"),
}


def _draft(welt: Grundlagen, schluessel: str, **felder: Any) -> Modulversion:
    redaktion = welt.person["katalog"]
    modul = welt.katalog.module.filter(import_schluessel__startswith=schluessel).order_by("code")[
        int(felder.pop("n", 0))
    ]
    return update_version(create_version(modul, redaktion), redaktion, **felder)


def _submitted(welt: Grundlagen, n: int) -> Modulversion:
    skala = Notenskala.objects.filter(art=SkalenArt.HOCHSCHULE).order_by("-gueltig_ab").first()
    return submit_version(_draft(welt, "thws-fsa", n=n, notenskala=skala, **PFLICHTANGABEN), welt.person["katalog"])


def build_freigaben(welt: Grundlagen) -> None:
    """One version waits for two partners, one was returned, one is a draft, one has been released by everybody."""
    release = {"hs1": "katalog", "hs2": "katalog2", "bt1": "katalog3", "bt2": "katalog4"}

    waiting = _submitted(welt, 2)
    for key in ("hs1", "bt1"):
        decide_freigabe(waiting, welt.org[key], welt.person[release[key]], entscheidung="freigegeben")

    returned = _submitted(welt, 1)
    comment = "Bitte die Rechtsgrundlagen der Inobhutnahme bei den Inhalten ergänzen."
    decide_freigabe(
        returned, welt.org["hs2"], welt.person["katalog2"], entscheidung="zurueckgegeben", kommentar=comment
    )

    _draft(welt, "thws-fsa", n=0, vorbereitung="Lektüre wird noch abgestimmt.")

    released = _submitted(welt, 5)
    for key, login in release.items():
        decide_freigabe(released, welt.org[key], welt.person[login], entscheidung="freigegeben")

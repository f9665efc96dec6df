"""Templates of an issuer: the default texts, and new versions."""

import re
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lms.core.audit import record_audit
from lms.core.errors import DomainError
from lms.konten.enums import Recht
from lms.konten.models import Organisation, Person
from lms.konten.rechte import require_recht
from zertifikate.enums import ZertifikatArt
from zertifikate.models import Vorlage

#: Texts that a provider starts from. KomIntAVO § 12 (4) asks for proof by certificates on demand of the authority.
STANDARD: dict[str, dict[str, str]] = {
    ZertifikatArt.TEILNAHME: {
        "ueberschrift": "Teilnahmebescheinigung",
        "einleitung": "hat an der folgenden Veranstaltung teilgenommen:",
        "schlusstext": "Die besuchten Unterrichtseinheiten (je 45 Minuten) sind die der genannten Person und stammen "
        "aus geschlossenen Anwesenheitslisten. Eine Leistung wurde nicht geprüft.",
    },
    ZertifikatArt.MODUL: {
        "ueberschrift": "Modulbescheinigung",
        "einleitung": "hat das folgende Modul besucht und abgeschlossen:",
        "schlusstext": "Die besuchten Unterrichtseinheiten (je 45 Minuten) sind die der genannten Person und stammen "
        "aus geschlossenen Anwesenheitslisten.",
    },
    ZertifikatArt.ZERTIFIKAT: {
        "ueberschrift": "Zertifikat",
        "einleitung": "hat das folgende Modul mit Erfolg abgeschlossen:",
        "schlusstext": "Die vorgeschriebenen Leistungen wurden erbracht. Die besuchten Unterrichtseinheiten (je 45 "
        "Minuten) stammen aus geschlossenen Anwesenheitslisten.",
    },
}
RECHTSGRUNDLAGE = (
    "Dieser Nachweis kann der unteren Integrationsbehörde nach § 12 Abs. 4 KomIntAVO als Bestätigung der Qualifikation "
    "vorgelegt werden."
)
FELDER = ("ueberschrift", "einleitung", "schlusstext", "rechtsgrundlage", "unterzeichnende", "nummer_format")


def current_vorlage(organisation: Organisation, art: str) -> Vorlage:
    """The newest version; a provider without one gets version 1 with the default texts."""
    found = Vorlage.objects.filter(organisation=organisation, art=art).order_by("-version").first()
    if found:
        return found
    row, _created = Vorlage.objects.get_or_create(
        organisation=organisation,
        art=art,
        version=1,
        defaults={
            **STANDARD[art],
            "rechtsgrundlage": RECHTSGRUNDLAGE,
            "unterzeichnende": [{"name": organisation.name, "funktion": "Prüfungsamt"}],
        },
    )
    return row


@transaction.atomic
def create_vorlage(organisation: Organisation, art: str, akteur: Person, **felder: Any) -> Vorlage:
    """A changed text is a new version; certificates that were issued keep the words they were issued with.

    Raises DomainError: `nummernformat_ungueltig`, `unterzeichnende_fehlen`.
    """
    require_recht(akteur, Recht.ZERTIFIKATE_AUSSTELLEN, organisation)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    current = current_vorlage(organisation, art)
    values = {name: felder.get(name, getattr(current, name)) for name in FELDER}
    format_nummer(values["nummer_format"], kuerzel="A", jahr=2026, laufend=1)
    if not values["unterzeichnende"]:
        raise DomainError(
            "unterzeichnende_fehlen", _("Mindestens eine Person muss unterzeichnen."), field="unterzeichnende"
        )
    if all(values[name] == getattr(current, name) for name in FELDER):
        return current
    row = Vorlage.objects.create(organisation=organisation, art=art, version=current.version + 1, **values)
    record_audit(akteur, "vorlage_angelegt", row, art=art, version=row.version)
    return row


#: The only fields and widths that a number may use; a width of millions would fill the memory before it is refused.
_FELD = re.compile(r"\{(?:kuerzel|jahr|laufend(?::0?[1-9]d)?)\}")


def format_nummer(pattern: str, *, kuerzel: str, jahr: int, laufend: int) -> str:
    """The printed number. It must contain year and running number, or two certificates could look the same."""
    try:
        if set("{}") & set(_FELD.sub("", pattern)):
            raise ValueError(pattern)
        first = pattern.format(kuerzel=kuerzel, jahr=jahr, laufend=laufend)
        other = {
            pattern.format(kuerzel=kuerzel, jahr=jahr + 1, laufend=laufend),
            pattern.format(kuerzel=kuerzel, jahr=jahr, laufend=laufend + 1),
        }
    except ValueError:
        other, first = set(), ""
    if len(other | {first}) != 3 or len(first) > 60:
        raise DomainError(
            "nummernformat_ungueltig",
            _("Das Nummernformat braucht {jahr} und {laufend}, zum Beispiel {kuerzel}-{jahr}-{laufend:05d}."),
            field="nummer_format",
        )
    return first

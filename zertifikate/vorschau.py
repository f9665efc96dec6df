"""A preview of a template with invented facts, drawn by the real renderer and marked as a sample."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from lms.core.errors import DomainError
from lms.konten.models import Organisation
from zertifikate.enums import ZertifikatArt
from zertifikate.pdf.render import render_zertifikat
from zertifikate.pdf.rules import SnapshotError
from zertifikate.pdf.snapshot import Aussteller, Person, Snapshot, Unterzeichnende, Vorlage
from zertifikate.pdf.text import GlyphMissingError
from zertifikate.vorlagen import format_nummer


def render_vorschau(organisation: Organisation, art: str, felder: dict[str, Any]) -> bytes:
    """PDF bytes. Raises DomainError `angabe_nicht_druckbar`, `nummernformat_ungueltig`."""
    attended_only = art == ZertifikatArt.TEILNAHME
    today = date.today()
    nummer = format_nummer(felder["nummer_format"], kuerzel=organisation.kurzname, jahr=today.year, laufend=99999)
    try:
        snapshot = Snapshot(
            art=art,
            nummer=nummer,
            person=Person("Muster Éléonore Maximiliana", "von Žižková-Đorđević (Muster)", date(1988, 3, 4)),
            aussteller=Aussteller(
                organisation.name,
                "\n".join(filter(None, [organisation.strasse, f"{organisation.plz} {organisation.ort}".strip()])),
                organisation.ort or organisation.get_kreis_display(),
            ),
            weitere_aussteller=(),
            titel=_("Muster: Internationales, europäisches und nationales Migrations- und Flüchtlingsrecht"),
            modulcode="MUSTER-00",
            version="1",
            katalog=_("Muster, kein gültiger Nachweis"),
            inhalte=(_("Erstes Thema"), _("Zweites Thema"), _("Drittes Thema")),
            ue_geplant=Decimal("150"),
            ue_besucht=Decimal("137.33"),
            ects=None if attended_only else Decimal("5"),
            note=None if attended_only else "1,7",
            ergebnis="" if attended_only else _("bestanden"),
            beginn=today,
            ende=today,
            anforderungen_erfuellt_am=today,
            ausgestellt_am=today,
            unterzeichnende=tuple(Unterzeichnende(**row) for row in felder["unterzeichnende"]),
            rechtsgrundlage=felder["rechtsgrundlage"],
            hinweis=_("Dies ist ein Muster."),
            niveau_orientierung="",
            quelle="",
            pruefcode="muster",
            pruef_url="http://127.0.0.1/pruefen/muster/",
            anrechnungen=(),
            vorlage=Vorlage(
                version=_("Vorschau"),
                ueberschrift=felder["ueberschrift"],
                einleitung=felder["einleitung"],
                schlusstext=felder["schlusstext"],
            ),
        )
        return render_zertifikat(snapshot)
    except (SnapshotError, GlyphMissingError) as exc:
        text = _("So kann die Vorlage nicht gedruckt werden: %(grund)s") % {"grund": exc}
        raise DomainError("angabe_nicht_druckbar", text) from exc

"""The nine mandatory fields of a module description (SächsStudAkkVO § 7 Abs. 2) and what belongs to each."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

if TYPE_CHECKING:
    from module.models import Modulversion


@dataclass(frozen=True, slots=True)
class Feldgruppe:
    """`pflicht` must be filled before a version can be submitted; `felder` are shown together."""

    nummer: int
    titel: Promise
    felder: tuple[str, ...]
    pflicht: tuple[str, ...]


GRUPPEN: tuple[Feldgruppe, ...] = (
    Feldgruppe(
        1,
        lazy("Inhalte und Qualifikationsziele"),
        ("inhalte", "qualifikationsziele"),
        ("inhalte", "qualifikationsziele"),
    ),
    Feldgruppe(2, lazy("Lehr- und Lernformen"), ("lehrformen",), ("lehrformen",)),
    Feldgruppe(
        3,
        lazy("Voraussetzungen für die Teilnahme"),
        ("voraussetzungen", "vorbereitung"),
        ("voraussetzungen", "vorbereitung"),
    ),
    Feldgruppe(4, lazy("Verwendbarkeit"), ("verwendbarkeit",), ("verwendbarkeit",)),
    Feldgruppe(
        5,
        lazy("Voraussetzungen für die Vergabe von ECTS-Punkten"),
        ("vergabevoraussetzungen", "pruefungsform", "anwesenheitsregel"),
        ("vergabevoraussetzungen",),
    ),
    Feldgruppe(
        6, lazy("ECTS-Punkte und Benotung"), ("ects", "notenskala", "niveau_orientierung"), ("ects", "notenskala")
    ),
    Feldgruppe(7, lazy("Häufigkeit des Angebots"), ("haeufigkeit",), ("haeufigkeit",)),
    Feldgruppe(
        8,
        lazy("Arbeitsaufwand"),
        ("ue", "praesenz_stunden", "selbststudium_stunden", "praxis_stunden", "stunden_gesamt"),
        ("praesenz_stunden", "selbststudium_stunden"),
    ),
    Feldgruppe(9, lazy("Dauer"), ("dauer", "dauer_semester"), ("dauer",)),
)
#: Fields around the nine.
KOPF = ("titel", "bezeichnung")
QUELLE = ("quelle", "quelle_url", "gueltig_ab")
#: Everything a version says; immutable once it is published.
INHALTSFELDER: tuple[str, ...] = KOPF + tuple(name for gruppe in GRUPPEN for name in gruppe.felder) + QUELLE

MINDEST_ECTS = Decimal(5)  # SächsStudAkkVO § 12 (5) 4: a rule for degree programmes, so only a hint here
MAX_SEMESTER = 2  # SächsStudAkkVO § 7 (1)
STUNDEN_JE_ECTS = (Decimal(25), Decimal(30))  # SächsStudAkkVO § 8 (1)


def is_empty(value: object) -> bool:
    """None and blank text are empty; zero is a statement."""
    return value is None or (isinstance(value, str) and not value.strip())


def feldname(version: "Modulversion", name: str) -> str:
    return str(version._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def fehlende_felder(version: "Modulversion") -> list[str]:
    """Names of the mandatory fields that are still empty, in the order of the regulation."""
    return [name for gruppe in GRUPPEN for name in gruppe.pflicht if is_empty(getattr(version, name))]


def hinweise(version: "Modulversion") -> list[str]:
    """What is unusual but allowed for certificate modules (SächsStudAkkVO §§ 7, 8, 12). Sentences for people."""
    found = []
    if version.ects is not None and version.ects < MINDEST_ECTS:
        found.append(
            _(
                "Weniger als %(punkte)s ECTS-Punkte: in Studiengängen umfasst ein Modul in der Regel "
                "mindestens so viele."
            )
            % {"punkte": MINDEST_ECTS}
        )
    found += _hinweis_aufwand(version)
    if version.dauer_semester is not None and version.dauer_semester > MAX_SEMESTER:
        found.append(_("Länger als zwei Semester: Module sollen in höchstens zwei Semestern abschließbar sein."))
    if version.ue is None:
        found.append(
            _("Ohne Unterrichtseinheiten: geplante und vorgesehene UE eines Kurses lassen sich nicht vergleichen.")
        )
    if version.anwesenheitsregel_id is None:
        found.append(_("Ohne Anwesenheitsregel: für Kurse gibt es dann keine Mindestanwesenheit."))
    return found


def _hinweis_aufwand(version: "Modulversion") -> list[str]:
    aufwand = version.arbeitsaufwand
    if aufwand is None or not version.ects:
        return []
    je_ects = aufwand / version.ects
    eigene = version.modul.verantwortlich.stunden_pro_ects
    low, high = STUNDEN_JE_ECTS
    if low <= je_ects <= high:
        return []
    return [
        _(
            "Der Arbeitsaufwand beträgt %(ist)s Stunden je ECTS-Punkt; üblich sind 25 bis 30 "
            "(%(organisation)s rechnet mit %(soll)s)."
        )
        % {
            "ist": f"{je_ects:.1f}".replace(".", ","),
            "organisation": version.modul.verantwortlich.kurzname,
            "soll": f"{eigene:.0f}",
        }
    ]

"""What a course still lacks before it can be published, and what the planner should know."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from kurse.planung.enums import KursArt, KursStatus, Modus, TerminStatus
from kurse.planung.models import Kurs, Termin
from lms.core.templatetags.formate import zahl
from module.enums import UeRundung, VersionStatus
from module.ue import ue_from_minuten


@dataclass(frozen=True, slots=True)
class Punkt:
    """One line of the list. Only points with `pflicht` stop the publication; `ziel` names a URL of the course."""

    code: str
    titel: str
    erfuellt: bool
    pflicht: bool = True
    text: str = ""
    ziel: str = "planung_kurs_bearbeiten"


@dataclass(frozen=True, slots=True)
class UePlan:
    """Teaching units: planned in sessions against those of the module version. `soll` is None if it names none."""

    minuten: int
    ist: Decimal
    soll: Decimal | None

    @property
    def differenz(self) -> Decimal | None:
        return None if self.soll is None else self.ist - self.soll

    @property
    def passt(self) -> bool:
        return self.soll is None or self.ist == self.soll


def ue_plan_of(kurs: Kurs, termine: list[Termin]) -> UePlan:
    """UE of all sessions that are not cancelled, rounded once on the sum by the rule of the version."""
    version = kurs.modulversion
    regel = version.anwesenheitsregel if version else None
    minutes = sum(termin.minuten for termin in termine if termin.status == TerminStatus.GEPLANT)
    return UePlan(
        minuten=minutes,
        ist=ue_from_minuten(minutes, regel.ue_rundung if regel else UeRundung.EXAKT),
        soll=version.ue if version else None,
    )


def _ue_punkt(plan: UePlan) -> Punkt:
    text = ""
    if not plan.passt and plan.soll is not None and plan.differenz is not None:
        values = {
            "ist": zahl(plan.ist),
            "soll": zahl(plan.soll),
        }
        text = (
            _("Geplant sind %(ist)s UE, die Modulbeschreibung sieht %(soll)s UE vor: es fehlt noch Unterrichtszeit.")
            if plan.differenz < 0
            else _("Geplant sind %(ist)s UE, mehr als die %(soll)s UE der Modulbeschreibung.")
        ) % values
    return Punkt(
        "ue", _("Unterrichtseinheiten wie in der Modulbeschreibung"), plan.passt, False, text, "planung_termine"
    )


def _ort_punkte(kurs: Kurs, planned: list[Termin]) -> list[Punkt]:
    without_place = sum(1 for termin in planned if not termin.ort_id and not termin.link)
    places = [termin.ort for termin in planned if termin.ort]
    accessible = bool(kurs.barrierefreiheit) or (bool(places) and all(ort.barrierefreiheit for ort in places))
    if kurs.modus == Modus.PRAESENZ:
        without_place = sum(1 for termin in planned if not termin.ort_id)
    return [
        Punkt(
            "ort",
            _("Ort für jeden Termin") if kurs.modus == Modus.PRAESENZ else _("Ort oder Online-Raum für jeden Termin"),
            bool(planned) and not without_place,
            kurs.modus != Modus.ONLINE,
            _("Bei %(anzahl)s Terminen fehlt die Angabe.") % {"anzahl": without_place} if without_place else "",
            "planung_termine",
        ),
        Punkt(
            "barrierefreiheit",
            _("Angaben zur Barrierefreiheit"),
            accessible,
            text=_("Öffentliche Kursangaben müssen sie nennen (WbFöVO § 2 Abs. 5): am Kurs oder an jedem Ort."),
        ),
    ]


def checkliste_of(kurs: Kurs, termine: list[Termin] | None = None, lehrende: int | None = None) -> list[Punkt]:
    """All points; `termine` with their places and the number of lecturers may be passed when they are loaded."""
    if termine is None:
        termine = list(kurs.termine.select_related("ort"))
    planned = [termin for termin in termine if termin.status == TerminStatus.GEPLANT]
    count = kurs.lehrauftraege.count() if lehrende is None else lehrende
    now = timezone.now()
    points = [Punkt("termine", _("mindestens ein Termin"), bool(planned), ziel="planung_termine_neu")]
    draft = kurs.status == KursStatus.ENTWURF
    if kurs.modulversion and draft:
        points.append(
            Punkt(
                "modulversion",
                _("freigegebene Modulversion"),
                kurs.modulversion.status == VersionStatus.VEROEFFENTLICHT,
                text=_("Für dieses Modul gilt eine neue Version. Bitte wählen Sie diese aus."),
            )
        )
    points += _ort_punkte(kurs, planned)
    points += [
        Punkt(
            "lehrende",
            _("Lehrende benannt"),
            count > 0,
            kurs.art == KursArt.MODULKURS,
            ziel="planung_lehrende",
        ),
    ]
    if draft:
        points.append(Punkt("anmeldung", _("Anmeldefrist liegt in der Zukunft"), kurs.anmeldung_bis > now))
    if draft and planned:
        in_time = kurs.anmeldung_bis <= min(termin.beginn for termin in planned)
        points.append(Punkt("anmeldung_vor_beginn", _("Anmeldung endet vor dem ersten Termin"), in_time, False))
    if kurs.modulversion and kurs.modulversion.ue is not None:
        points.append(_ue_punkt(ue_plan_of(kurs, termine)))
    return points


def missing_of(points: list[Punkt]) -> list[Punkt]:
    """Points that stop the publication."""
    return [point for point in points if point.pflicht and not point.erfuellt]

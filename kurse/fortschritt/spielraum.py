"""How much may still be missed before the attendance threshold is out of reach."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from django.utils.translation import gettext as _

from kurse.anwesenheit.zeiten import Zeiten
from lms.core.templatetags.formate import ue as format_ue
from lms.core.templatetags.formate import zahl
from module.enums import EntschuldigtZaehlt, Geltungsbereich
from module.models import Anwesenheitsregel
from module.ue import ue_from_minuten

#: A warning is shown when less than this share (percent) of the planned time may still be missed.
WARNUNG_UNTER_PROZENT = 10


@dataclass(frozen=True, slots=True)
class Spielraum:
    """`minuten` may still be missed; negative when the threshold can't be reached any more."""

    minuten: int
    geplant: int
    schwelle: Decimal
    ausgleich: str = ""

    @property
    def verloren(self) -> bool:
        return self.minuten < 0

    @property
    def knapp(self) -> bool:
        return self.verloren or self.minuten * 100 < self.geplant * WARNUNG_UNTER_PROZENT

    @property
    def text(self) -> str:
        """The margin in words; whole sentences."""
        schwelle = {"schwelle": zahl(self.schwelle)}
        if self.verloren:
            lost = _("Die nötigen %(schwelle)s Prozent Anwesenheit sind nicht mehr zu erreichen.") % schwelle
            hint = _("Möglicher Ausgleich: %(form)s.") % {"form": self.ausgleich} if self.ausgleich else ""
            return f"{lost} {hint or _('Bitte sprechen Sie mit dem Veranstalter.')}"
        if self.minuten == 0:
            return _("Sie dürfen nichts mehr versäumen, sonst fehlen die nötigen %(schwelle)s Prozent.") % schwelle
        rest = {"ue": format_ue(ue_from_minuten(self.minuten)), **schwelle}
        return _("Sie dürfen noch höchstens %(ue)s versäumen; nötig sind %(schwelle)s Prozent.") % rest


def spielraum_of(zeiten: Zeiten, regel: Anwesenheitsregel | None) -> Spielraum | None:
    """None when no threshold applies to this single course, or nothing is planned yet.

    Everything that is not recorded as missed is taken as still attended, so the margin is what remains at best.
    """
    if regel is None or regel.geltungsbereich != Geltungsbereich.MODUL or zeiten.minuten_geplant <= 0:
        return None
    excused, base, credit = zeiten.minuten_entschuldigt, zeiten.minuten_geplant, 0
    if regel.entschuldigt_zaehlt == EntschuldigtZaehlt.NEUTRAL:
        base -= excused
        credit = excused
        best = base - zeiten.minuten_versaeumt
    else:
        if regel.entschuldigt_zaehlt == EntschuldigtZaehlt.BIS_OBERGRENZE:
            credit = min(excused, int(base * regel.entschuldigt_obergrenze_prozent / 100))
        best = base - zeiten.minuten_versaeumt - excused + credit
    needed = int((base * regel.schwelle_prozent / 100).to_integral_value(ROUND_CEILING))
    form = regel.ausgleich_form if regel.ausgleich_zulaessig else ""
    return Spielraum(best - needed, base, regel.schwelle_prozent, form)

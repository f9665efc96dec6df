"""What a series would create, for the page and the API."""

from dataclasses import dataclass
from typing import Any

from kurse.planung.checkliste import UePlan, ue_plan_of
from kurse.planung.konflikte import Konflikt, find_konflikte
from kurse.planung.models import Kurs, Termin
from kurse.planung.regeln import check_entwurf, check_no_overlap, check_orte
from kurse.planung.serie import Ausgelassen, Serienplan, TerminEntwurf


@dataclass(frozen=True, slots=True)
class Vorschau:
    """Sessions with their conflicts, skipped days, and the teaching units of the course afterwards."""

    zeilen: list[tuple[TerminEntwurf, list[Konflikt]]]
    konflikte: list[Konflikt]
    ausgelassen: list[Ausgelassen]
    ue_plan: UePlan

    def as_data(self) -> dict[str, Any]:
        return {
            "termine": [
                {"beginn": entwurf.beginn, "ende": entwurf.ende, "minuten": entwurf.minuten, "konflikte": konflikte}
                for entwurf, konflikte in self.zeilen
            ],
            "ausgelassen": self.ausgelassen,
            "ue_geplant": self.ue_plan.ist,
            "ue_soll": self.ue_plan.soll,
        }


def preview_serie(kurs: Kurs, plan: Serienplan) -> Vorschau:
    """Nothing is saved. Raises DomainError like `add_termine`, conflicts with other courses excepted."""
    skipped, drafts = plan.days()[1], plan.entwuerfe()
    for draft in drafts:
        check_entwurf(draft)
    check_orte(kurs, drafts)
    check_no_overlap(kurs, drafts)
    konflikte = find_konflikte(kurs, drafts)
    planned = [*kurs.termine.all(), *(Termin(minuten=draft.minuten) for draft in drafts)]
    return Vorschau(
        zeilen=[(draft, [k for k in konflikte if k.index == index]) for index, draft in enumerate(drafts)],
        konflikte=konflikte,
        ausgelassen=skipped,
        ue_plan=ue_plan_of(kurs, planned),
    )

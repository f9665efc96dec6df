"""Progress of everybody in one course, for its staff."""

from dataclasses import dataclass
from decimal import Decimal

from kurse.einschreibung.selectors import teilnehmende_of
from kurse.fortschritt.enums import Modulstand
from kurse.fortschritt.nachweise import nachweise_of
from kurse.fortschritt.staende import Kursstand, kursstaende_of, with_version
from kurse.planung.models import Kurs


@dataclass(slots=True)
class Kursfortschritt:
    kurs: Kurs
    zeilen: list[Kursstand]

    @property
    def abgeschlossen(self) -> int:
        return sum(1 for row in self.zeilen if row.stand is Modulstand.ABGESCHLOSSEN)

    @property
    def gefaehrdet(self) -> list[Kursstand]:
        """People who can miss almost nothing any more, or have missed too much."""
        return [row for row in self.zeilen if row.spielraum is not None and row.spielraum.knapp]

    @property
    def anteil_im_mittel(self) -> Decimal | None:
        """Mean of the attended shares, in percent."""
        if not self.zeilen:
            return None
        return sum((row.anteil for row in self.zeilen), Decimal(0)) / len(self.zeilen)


def kurs_fortschritt(kurs: Kurs) -> Kursfortschritt:
    """At most nine queries for any number of participants."""
    rows = list(with_version(teilnehmende_of(kurs)))
    nachweise = nachweise_of(row.person_id for row in rows)
    return Kursfortschritt(kurs, kursstaende_of(rows, nachweise))

"""Teaching units (UE): 45 minutes, derived from minutes by the rounding rule of the programme."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from module.enums import UeRundung

#: WbFöVO § 2 (2), Juleica Sachsen, DGCC: one UE is 45 minutes everywhere in the field.
MINUTEN_PRO_UE = 45


def ue_from_minuten(minuten: int, rundung: str = UeRundung.EXAKT) -> Decimal:
    """UE for teaching minutes without breaks. `EXAKT` cuts off after two decimals, so nothing is rounded up.

    >>> ue_from_minuten(300, UeRundung.KAUFMAENNISCH)
    Decimal('7')
    """
    exact = Decimal(minuten) / MINUTEN_PRO_UE
    if rundung == UeRundung.KAUFMAENNISCH:
        return exact.quantize(Decimal(1), ROUND_HALF_UP)
    if rundung == UeRundung.ABGERUNDET:
        return exact.quantize(Decimal(1), ROUND_DOWN)
    if rundung == UeRundung.ZEHNTEL:
        return exact.quantize(Decimal("0.1"), ROUND_DOWN)
    return exact.quantize(Decimal("0.01"), ROUND_DOWN)

"""Small numbers are not shown, and can't be computed from what is shown.

One mark stands for every hidden number, whatever the reason. See docs/adr/0010-kleine-zahlen.md for the proof.
"""

from collections.abc import Hashable, Mapping
from typing import TypeVar

#: Numbers of people below this are hidden (usual in official statistics).
MINDESTZAHL = 5
Key = TypeVar("Key", bound=Hashable)


def _ambiguous(hidden: list[int]) -> bool:
    """Given the sum of the hidden numbers, could each of them be less than 5 as well as 5 or more?

    Each hidden number is at least 1 (a forced one at least 0), so it may be anything from 1 to `sum - (n - 1)`.
    """
    return len(hidden) >= 2 and sum(hidden) - (len(hidden) - 1) >= MINDESTZAHL


def cells_to_hide(values: Mapping[Key, int], forced: frozenset[Key] = frozenset()) -> frozenset[Key] | None:
    """Keys whose numbers are hidden, assuming that the sum of all numbers is known.

    Hides every number from 1 to 4 and every `forced` one, then the smallest shown ones until no hidden number can be
    computed. Zeros are shown: they tell of nobody. None when hiding everything is not enough: then the sum must be
    hidden, too, wherever it could be computed.
    """
    positive = {key: value for key, value in values.items() if value > 0}
    # a forced key is hidden even when it is zero, so it hides the others as well as any number does
    hidden = [key for key, value in values.items() if 0 < value < MINDESTZAHL or key in forced]
    if not hidden or not positive:
        return frozenset()
    rest = sorted((key for key in positive if key not in set(hidden)), key=lambda key: (positive[key], str(key)))
    while not _ambiguous([values[key] for key in hidden]):
        if not rest:
            return None
        hidden.append(rest.pop(0))
    return frozenset(hidden)


def hide_together(
    tables: list[Mapping[Key, int]], forced: list[frozenset[Key]] | None = None
) -> tuple[list[frozenset[Key]], bool]:
    """Hidden keys of several tables of the same people, and whether their common sum is hidden.

    The sum of one table is the sum of the others. If one table is too small to be protected while the sum is known,
    every number above zero is hidden in all of them, and the sum with them.
    """
    forced = forced or [frozenset()] * len(tables)
    found = [cells_to_hide(table, keys) for table, keys in zip(tables, forced, strict=True)]
    if any(keys is None for keys in found):
        return [frozenset(key for key, value in table.items() if value > 0) for table in tables], True
    return [keys for keys in found if keys is not None], False

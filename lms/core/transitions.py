"""State machines as data: one table per model, checked by the services that change a state."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from django.utils.translation import gettext as _

from lms.core.errors import DomainError


class TransitionTable:
    """Which state may follow which. A state without successors is final.

    >>> table = TransitionTable({"entwurf": {"offen"}, "offen": set()})
    >>> table.allows("entwurf", "offen")
    True
    """

    def __init__(self, table: Mapping[str, set[str]]) -> None:
        unknown = {target for targets in table.values() for target in targets} - set(table)
        if unknown:
            raise ValueError(f"states without a row: {sorted(unknown)}")
        self.table: Mapping[str, frozenset[str]] = MappingProxyType(
            {str(source): frozenset(map(str, targets)) for source, targets in table.items()}
        )

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for source, targets in self.table.items():
            for target in sorted(targets):
                yield source, target

    def allows(self, source: str, target: str) -> bool:
        return target in self.table.get(source, frozenset())

    def check(self, source: str, target: str, label: str = "") -> None:
        """Raise `DomainError("uebergang_unzulaessig")` unless `target` may follow `source`."""
        if not self.allows(source, target):
            raise DomainError(
                "uebergang_unzulaessig",
                _("%(what)s ist im Zustand „%(source)s“ und kann nicht „%(target)s“ werden.")
                % {
                    "what": label or _("Der Vorgang"),
                    "source": source,
                    "target": target,
                },
                details={"von": source, "nach": target},
            )

"""What somebody wants to record for one person in one session."""

from dataclasses import dataclass
from datetime import datetime

from kurse.anwesenheit.enums import AnwesenheitModus


@dataclass(frozen=True, slots=True)
class AnwesenheitEintrag:
    """One line of a request to `record_anwesenheit`.

    `einschreibung_id` is the primary key (int) or the public id (str). For `teilweise` either `minuten`, or `von`
    and/or `bis` as aware datetimes. `client_key` (≤ 64 characters) makes sending twice the same as sending once.
    `basis` is the id of the entry that the writer saw: None means "not checked", 0 means "saw nothing recorded".
    """

    einschreibung_id: int | str
    status: str
    client_key: str
    minuten: int | None = None
    von: datetime | None = None
    bis: datetime | None = None
    modus: str = AnwesenheitModus.PRAESENZ
    notiz: str = ""
    grund: str = ""
    basis: int | None = None


@dataclass(frozen=True, slots=True)
class Inhalt:
    """What an entry says once the rules have been applied; two entries with the same content are the same fact."""

    status: str
    minuten: int
    von: datetime | None
    bis: datetime | None
    modus: str
    notiz: str

    @classmethod
    def of(cls, row: object) -> "Inhalt":
        """The content of a ledger row, or of anything with the same attributes."""
        return cls(*(getattr(row, name) for name in cls.__slots__))

    def as_json(self) -> dict[str, object]:
        """For an answer to the API: the note stays out of it."""
        return {
            "status": self.status,
            "minuten": self.minuten,
            "von": self.von.isoformat() if self.von else None,
            "bis": self.bis.isoformat() if self.bis else None,
        }


@dataclass(frozen=True, slots=True)
class Konflikt:
    """Two people recorded different things for the same person: what stands, and what was sent."""

    einschreibung_id: str
    vermerk_id: int
    stand: Inhalt
    eigener: Inhalt

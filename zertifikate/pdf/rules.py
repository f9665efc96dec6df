"""How a field of a snapshot is read from JSON, checked, and written back. Every refusal names its field."""

import unicodedata
from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any


class SnapshotError(ValueError):
    """A snapshot that must not be printed.

    ``code`` is stable: missing, unknown, type, empty, too_long, value or schema; ``field`` is the path to the field.
    """

    def __init__(self, code: str, field: str):
        self.code = code
        self.field = field
        super().__init__(f"{code}: {field}")


@dataclass(frozen=True)
class Rule:
    """``read``: JSON → Python; ``check``: the Python value, normalised; ``write``: Python → JSON.

    The functions raise SnapshotError with an empty or relative field name; the record puts the path before it.
    """

    read: Callable[[Any], Any]
    check: Callable[[Any], Any]
    write: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


def _expect(value: Any, kind: type) -> None:
    if type(value) is not kind:
        raise SnapshotError("type", "")


def text(longest: int, *, required: bool = True, lines: bool = False, choices: tuple[str, ...] = ()) -> Any:
    """A string in NFC without control characters; ``lines`` allows line breaks."""

    def check(value: Any) -> str:
        _expect(value, str)
        value = unicodedata.normalize("NFC", value)
        if required and not value.strip():
            raise SnapshotError("empty", "")
        if len(value) > longest:
            raise SnapshotError("too_long", "")
        bare = value.replace("\n", "") if lines else value
        if any(unicodedata.category(char) in ("Cc", "Cs") for char in bare):
            raise SnapshotError("value", "")
        if choices and value not in choices:
            raise SnapshotError("value", "")
        return value

    return field(metadata={"rule": Rule(_same, check, _same)})


def day() -> Rule:
    def read(value: Any) -> date:
        _expect(value, str)
        try:
            parsed = date.fromisoformat(value)
        except ValueError:
            raise SnapshotError("value", "") from None
        if parsed.isoformat() != value:
            raise SnapshotError("value", "")
        return parsed

    def check(value: Any) -> date:
        _expect(value, date)
        return value

    return Rule(read, check, date.isoformat)


def number(most: int = 99_999) -> Rule:
    """A non-negative Decimal with at most two places, written as a string.

    A float is refused because it is not the number that was meant.
    """

    def read(value: Any) -> Decimal:
        _expect(value, str)
        try:
            return Decimal(value)
        except InvalidOperation:
            raise SnapshotError("value", "") from None

    def check(value: Any) -> Decimal:
        _expect(value, Decimal)
        if not value.is_finite() or not 0 <= value <= most or int(value.as_tuple().exponent) < -2:
            raise SnapshotError("value", "")
        return value

    return Rule(read, check, lambda value: format(value, "f"))


def optional(rule: Rule) -> Rule:
    return Rule(
        lambda value: None if value is None else rule.read(value),
        lambda value: None if value is None else rule.check(value),
        lambda value: None if value is None else rule.write(value),
    )


def record(kind: type["Record"]) -> Rule:
    def check(value: Any) -> Record:
        _expect(value, kind)
        return value

    return Rule(kind.from_dict, check, lambda value: value.to_dict())


def listed(item: Rule, *, longest: int, required: bool = False) -> Rule:
    """A JSON list, kept as a tuple. A refused item is named by its index."""

    def each(function: Callable[[Any], Any], values: Any) -> tuple:
        result = []
        for index, value in enumerate(values):
            try:
                result.append(function(value))
            except SnapshotError as error:
                raise SnapshotError(error.code, join(f"[{index}]", error.field)) from None
        return tuple(result)

    def read(value: Any) -> tuple:
        _expect(value, list)
        return each(item.read, value)

    def check(value: Any) -> tuple:
        _expect(value, tuple)
        if required and not value:
            raise SnapshotError("empty", "")
        if len(value) > longest:
            raise SnapshotError("too_long", "")
        return each(item.check, value)

    return Rule(read, check, lambda value: [item.write(one) for one in value])


def ruled(rule: Rule) -> Any:
    return field(metadata={"rule": rule})


def line(longest: int) -> Rule:
    """A required one-line text as an item of a list."""
    return text(longest).metadata["rule"]


def join(prefix: str, name: str) -> str:
    return f"{prefix}{'' if not name or name.startswith('[') else '.'}{name}"


class Record:
    """Base of the frozen dataclasses of a snapshot: all fields are checked whichever way they come."""

    def __post_init__(self) -> None:
        for each in fields(self):  # type: ignore[arg-type]
            value = _at(each.name, _rule(each).check, getattr(self, each.name))
            object.__setattr__(self, each.name, value)
        self.check_together()

    def check_together(self) -> None:
        """Rules over several fields; a subclass raises SnapshotError."""

    @classmethod
    def from_dict(cls, data: Any) -> Any:
        """Read from JSON; raises SnapshotError. All keys must be there and no other."""
        _expect(data, dict)
        known = {each.name: each for each in fields(cls)}  # type: ignore[arg-type]
        for name in data:
            if name not in known:
                raise SnapshotError("unknown", str(name))
        for name, each in known.items():
            if name not in data and each.default is MISSING:
                raise SnapshotError("missing", name)
        return cls(**{name: _at(name, _rule(known[name]).read, value) for name, value in data.items()})

    def to_dict(self) -> dict[str, Any]:
        return {each.name: _rule(each).write(getattr(self, each.name)) for each in fields(self)}  # type: ignore[arg-type]


def _rule(each: Field) -> Rule:
    return each.metadata["rule"]


def _at(name: str, function: Callable[[Any], Any], value: Any) -> Any:
    try:
        return function(value)
    except SnapshotError as error:
        raise SnapshotError(error.code, join(name, error.field)) from None

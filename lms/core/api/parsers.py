"""JSON whose text every database and every answer can hold."""

import re
from collections.abc import Iterator, Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

_WRONG = re.compile("[\x00\ud800-\udfff]")


def _texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value, names of fields included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield str(name)
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


class TextJSONParser(JSONParser):
    """Refuses NUL (PostgreSQL cannot store it) and half surrogate pairs (UTF-8 cannot write them) with 400."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            data = super().parse(stream, media_type, parser_context)  # type: ignore[arg-type]
            wrong = any(_WRONG.search(text) for text in _texts(data))
        except RecursionError as exc:
            raise ParseError(_("Die Angaben sind zu tief verschachtelt.")) from exc
        if wrong:
            raise ParseError(_("Der Text enthält Zeichen, die nicht gespeichert werden können."))
        return data

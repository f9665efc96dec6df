"""Names of people: every letter of DIN 91379 (the character set of German registers), in Unicode NFC."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lms.core.errors import DomainError

#: Marks that DIN 91379 allows in names beside letters (its groups bnlreq, bnl and the modifier letters).
NAME_MARKS = frozenset(" '(),-./`~¨´·ʹʺʼʾʿˈˌ’‡\u00a0")


def _is_name_char(char: str) -> bool:
    if char in NAME_MARKS:
        return True
    category = unicodedata.category(char)
    if category == "Mn":
        return unicodedata.name(char, "").startswith("COMBINING ")
    return category.startswith("L") and unicodedata.name(char, "").startswith(("LATIN ", "MODIFIER LETTER"))


def clean_name(value: str) -> str:
    """NFC, single spaces, Latin letters only. Raises ValidationError with the offending characters."""
    value = " ".join(unicodedata.normalize("NFC", value).split())
    wrong = sorted({char for char in value if not _is_name_char(char)})
    if wrong:
        raise ValidationError(
            _("Bitte in lateinischer Schrift wie im Ausweis angeben. Nicht erlaubt: %(zeichen)s"),
            code="zeichen",
            params={"zeichen": " ".join(wrong)},
        )
    if value and not any(char.isalpha() for char in value):
        raise ValidationError(_("Bitte geben Sie den Namen mit mindestens einem Buchstaben an."), code="leer")
    return value


def require_name(value: str, field: str) -> str:
    """The same for services. Raises DomainError `name_fehlt` or `name_ungueltig`."""
    try:
        cleaned = clean_name(value)
    except ValidationError as error:
        raise DomainError("name_ungueltig", " ".join(error.messages), field=field) from error
    if not cleaned:
        raise DomainError("name_fehlt", _("Bitte geben Sie Vor- und Nachnamen an."), field=field)
    return cleaned


class NameField(forms.CharField):
    """A first or last name exactly as on the identity document."""

    def __init__(self, **kwargs: object) -> None:
        kwargs.setdefault("max_length", 120)
        super().__init__(**kwargs)  # type: ignore[arg-type]

    def to_python(self, value: object) -> str:
        return unicodedata.normalize("NFC", super().to_python(value) or "")

    def clean(self, value: object) -> str:
        return clean_name(super().clean(value))

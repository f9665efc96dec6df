"""A small HTTP client: one kept-alive connection, one person, forms filled from the page as a browser would."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection
from itertools import count
from urllib.parse import urlencode

from tests.bench.zaehler import HEADER

_address = count(1)


class WrongAnswer(Exception):
    """The server answered with something else than the case expects; a measurement of it would be worthless."""


@dataclass(frozen=True, slots=True)
class Antwort:
    status: int
    body: bytes
    queries: int
    location: str


@dataclass(frozen=True, slots=True)
class Anfrage:
    """A prepared request: nothing is computed between two measured ones."""

    pfad: str
    cookie: str = ""
    daten: bytes | None = None
    status: int = 200
    #: What the page must contain, or the address that a redirect must lead to.
    enthaelt: str = ""


class Klient:
    def __init__(self, port: int) -> None:
        self.port = port
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def __call__(self, anfrage: Anfrage) -> Antwort:
        headers = {
            "X-Forwarded-Proto": "https",
            # limits count per address: every request comes from another one
            "X-Forwarded-For": "10.{}.{}.{}".format(*(next(_address) & 0xFFFFFF).to_bytes(3, "big")),
            "Cookie": anfrage.cookie,
        }
        if anfrage.daten is None:
            self.connection.request("GET", anfrage.pfad, headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"https://127.0.0.1:{self.port}"
            self.connection.request("POST", anfrage.pfad, anfrage.daten, headers)
        response = self.connection.getresponse()
        answer = Antwort(
            response.status,
            response.read(),
            int(response.headers.get(HEADER, 0)),
            response.headers.get("Location", ""),
        )
        self._check(anfrage, answer)
        return answer

    @staticmethod
    def _check(anfrage: Anfrage, answer: Antwort) -> None:
        if answer.status != anfrage.status:
            text = answer.body[:2000].decode("utf-8", "replace")
            raise WrongAnswer(f"{anfrage.pfad}: status {answer.status} instead of {anfrage.status}: {text}")
        where = answer.location.encode() if 300 <= answer.status < 400 else answer.body
        if anfrage.enthaelt and anfrage.enthaelt.encode() not in where:
            raise WrongAnswer(f"{anfrage.pfad}: “{anfrage.enthaelt}” is missing in the answer.")

    def form(self, anfrage: Anfrage, feld: str) -> dict[str, str]:
        """The fields of the page's form that has `feld`, as they stand in it."""
        parser = _Forms()
        parser.feed(self(anfrage).body.decode())
        found = [form.fields for form in parser.forms if feld in form.fields]
        if not found:
            raise WrongAnswer(f"{anfrage.pfad}: there is no form with the field “{feld}”.")
        return found[0]


CSRF = "b" * 32


def cookie(session_key: str = "") -> str:
    """Session and CSRF cookie under production's names."""
    parts = [f"csrftoken={CSRF}"] + ([f"sessionid={session_key}"] if session_key else [])
    return "; ".join(parts)


def encode(fields: dict[str, str]) -> bytes:
    return urlencode({**fields, "csrfmiddlewaretoken": CSRF}).encode()


@dataclass(slots=True)
class _Form:
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    """Collects POST forms inside <main>, with what a browser would send for them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self._open = self._main = False
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        if tag == "main":
            self._main = True
        elif tag == "form" and self._main and values.get("method", "").lower() == "post":
            self.forms.append(_Form())
            self._open = True
        elif self._open:
            self._field(tag, values)

    def _field(self, tag: str, values: dict[str, str]) -> None:
        fields, name = self.forms[-1].fields, values.get("name", "")
        if tag == "input" and name:
            chosen = values.get("type", "text") not in ("radio", "checkbox") or "checked" in values
            if chosen and values.get("type") not in ("submit", "button"):
                fields[name] = values.get("value", "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in values or self._select not in fields):
            fields[self._select] = values.get("value", "")
        elif tag == "textarea":
            self._textarea, fields[name] = name, ""

    def handle_data(self, data: str) -> None:
        if self._open and self._textarea:
            self.forms[-1].fields[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._main = False
        elif tag == "form":
            self._open = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""

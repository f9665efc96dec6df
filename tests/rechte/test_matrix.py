"""Every URL × every kind of person × every method. A URL that is missing from the matrix fails the suite.

`matrix.txt` has one line per URL and method and one sign per person (columns as in `welt.AKTEURE`):
`+` allowed (whatever the empty request then leads to), `L` sent to the login (API: 401), `3` forbidden (403),
`4` not visible (404), `-` no such method (405).
`python -m pytest tests/rechte --matrix-schreiben` writes it anew; read the difference before you commit it.
"""

import logging
import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.rechte.welt import AKTEURE, Welt

pytestmark = pytest.mark.django_db
DATEI = Path(__file__).with_name("matrix.txt")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

#: Which row of the world a URL speaks of: the first pattern that fits the route.
URLS = (
    (r"vorgaenge/", {"public_id": "vorgang"}),
    (r"mein-konto/beschaeftigungen/|api/v1/beschaeftigungen/", {"public_id": "beschaeftigung"}),
    (r"mein-konto/einwilligungen/", {"public_id": "arbeitgeber", "kategorie": "=fortschritt"}),
    (r"tokens/", {"public_id": "token"}),
    (r"einladung/", {"token": "=token"}),
    (r"einladungen/<str:public_id>", {"public_id": "einladung"}),
    (r"organisationen/.*/(rollen|einladungen)/", {
        "public_id": "anbieter", "mitgliedschaft_id": "mitgliedschaft", "einladung_id": "einladung"}),
    (r"organisationen/.*beschaeftigte", {"public_id": "arbeitgeber", "beschaeftigung_id": "beschaeftigung"}),
    (r"organisationen/", {"public_id": "anbieter"}),
    (r"api/v1/mitgliedschaften/", {"public_id": "mitgliedschaft"}),
    (r"api/v1/einwilligungen/", {"public_id": "einwilligung"}),
    (r"kataloge/", {"public_id": "katalog"}),
    (r"(katalog)?module/", {"public_id": "modul", "nummer": "=1"}),
    (r"modulversionen/.*(entscheiden|freigaben)", {"public_id": "eingereicht"}),
    (r"modulversionen/", {"public_id": "entwurf"}),
    (r"programmversionen/", {"public_id": "programmentwurf", "reihenfolge": "=1"}),
    (r"(katalog)?programme/", {"public_id": "programm", "nummer": "=1"}),
    (r"kurse/.*/(importe|aufgaben|ergebnisse)/", {"public_id": "kurs"}),
    (r"(^|/)orte/", {"public_id": "ort"}),
    (r"lehrauftraege/<", {"public_id": "lehrauftrag"}),
    (r"kurse/.*/(termine|lehrauftraege)/", {"public_id": "kurs"}),
    (r"planung/termine/|api/v1/termine/<str:public_id>/(verlegen|absagen)", {"public_id": "offener_termin"}),
    (r"termine/", {"public_id": "termin"}),
    (r"genehmigungen/|einschreibungen/.*(genehmigen|ablehnen|zustimmung)", {"public_id": "antrag"}),
    (r"einschreibungen/|meine-anwesenheit/|^ergebnisse/", {"public_id": "einschreibung"}),
    (r"importe/", {"public_id": "importlauf"}),
    (r"abgaben/", {"public_id": "abgabe"}),
    (r"aufgaben/<", {"public_id": "aufgabe", "einschreibung_id": "einschreibung"}),
    (r"mein-weg/arbeitgeber/", {"public_id": "arbeitgeber"}),
    (r"traeger/export|landesfachstelle/zahlen", {"fmt": "=csv"}),
    (r"traeger/", {"public_id": "teilnehmerin"}),
    (r"zertifikate/vorlagen/", {"org_id": "anbieter", "art": "=zertifikat"}),
    (r"pruef", {"code": "pruefcode"}),
    (r"kurse/", {"public_id": "kurs", "format": "=csv"}),
    (r"zertifikate/", {"public_id": "zertifikat"}),
)  # fmt: skip


def patterns(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                yield from patterns(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry


def value_of(welt, key):
    if key.startswith("="):
        return key[1:]
    special = {
        "programm": lambda: welt.programmversion.programm.public_id,
        "einwilligung": lambda: welt.personen["teilnehmerin"].einwilligungen.get().public_id,
        "teilnehmerin": lambda: welt.personen["teilnehmerin"].public_id,
        "pruefcode": lambda: welt.zertifikat.pruefcode,
    }
    return special[key]() if key in special else getattr(welt, key).public_id


def address(welt, route):
    """The route with the world's ids put in; places that no rule names get a value that fits nothing."""
    keys = next((keys for pattern, keys in URLS if re.search(pattern, route)), {})

    def fill(match):
        name = match["name"]
        return str(value_of(welt, keys[name])) if name in keys else "1"

    url = re.sub(r"<(?:\w+:)?(?P<name>\w+)>", fill, route)
    url = re.sub(r"\(\?P<(?P<name>\w+)>[^)]*\)", fill, url)
    return "/" + url.replace("^", "").replace("\\Z", "").rstrip("$")


def methods_of(entry):
    view = getattr(entry.callback, "view_class", None) or getattr(entry.callback, "cls", None)
    if view is None or not hasattr(view, "http_method_names"):
        return METHODS[:2]
    return tuple(m for m in METHODS if hasattr(view, m.lower())) or METHODS[:1]


def sign(response):
    if response.status_code == 401 or (response.status_code == 302 and "/konto/login/" in response["Location"]):
        return "L"
    if response.status_code >= 500:
        return "!"
    return {403: "3", 404: "4", 405: "-"}.get(response.status_code, "+")


def ask(client, method, url):
    """One empty request; whatever it does is rolled back."""
    cache.clear()
    cookies = client.cookies.copy()
    with transaction.atomic():
        response = client.generic(
            method,
            url,
            data="{}" if url.startswith("/api/") else "",
            content_type=("application/json" if url.startswith("/api/") else "application/x-www-form-urlencoded"),
        )
        if getattr(response, "streaming", False):
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    client.cookies = cookies  # a logout is undone, too
    return sign(response)


def measure(welt):
    clients = {}
    for name in AKTEURE:
        clients[name] = Client(raise_request_exception=False)
        if name != "anonym":
            clients[name].force_login(
                welt.personen[name], backend="allauth.account.auth_backends.AuthenticationBackend"
            )
    found = {}
    for route, entry in patterns():
        for method in methods_of(entry):
            found[f"{method} {route}"] = row(clients, method, address(welt, route))
    return found


def row(clients, method, url):
    """The signs of all people; a method that three different people don't have, nobody has."""
    signs = {name: ask(clients[name], method, url) for name in ("fremd", "leitung", "betrieb")}
    missing = set(signs.values()) == {"-"}
    for name in AKTEURE:
        if name not in signs:
            signs[name] = "-" if missing and name != "anonym" else ask(clients[name], method, url)
    return "".join(signs[name] for name in AKTEURE)


def read():
    lines = [line for line in DATEI.read_text().splitlines() if line and not line.startswith("#")]
    return {line[14:]: line[:13] for line in lines}


def test_every_url_for_every_kind_of_person(request):
    logging.disable(logging.WARNING)
    request.addfinalizer(lambda: logging.disable(logging.NOTSET))
    found = measure(Welt())
    if request.config.getoption("--matrix-schreiben"):
        head = "# " + " ".join(AKTEURE)
        DATEI.write_text("\n".join([head, *(f"{signs} {key}" for key, signs in found.items())]) + "\n")
    assert {key: signs for key, signs in found.items() if "!" in signs} == {}
    expected = read()
    assert sorted(set(found) ^ set(expected)) == []
    assert {key: signs for key, signs in found.items() if expected[key] != signs} == {}


def test_the_columns_of_the_file_are_the_kinds_of_person():
    assert DATEI.read_text().splitlines()[0] == "# " + " ".join(AKTEURE)


@pytest.mark.parametrize("path", ["/verwaltung/", "/verwaltung/konten/person/", "/verwaltung/zertifikate/zertifikat/"])
def test_the_admin_is_for_operators(client, path):
    welt = Welt()
    for name in AKTEURE[1:-1]:
        client.force_login(welt.personen[name])
        assert client.get(path).status_code in (403, 404)

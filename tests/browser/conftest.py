"""A headless Chromium against the live server. Screenshots are kept under var/bilder/."""

import os
import re
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import expect, sync_playwright

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright's event loop lives in the test's thread
expect.set_options(timeout=20_000)
ROOT = Path(__file__).resolve().parents[2]
BILDER = ROOT / "var" / "bilder"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--lang=de-DE",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory):
    """SQLite in a file, so that server threads and the test have connections of their own."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("db") / "browser.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def _static_files():
    """Collected once, before the server starts: WhiteNoise lists them when it is loaded."""
    call_command("collectstatic", verbosity=0, interactive=False)


@pytest.fixture(scope="session", autouse=True)
def _triggers_can_be_flushed():
    """Emptying a SQLite database deletes row by row, which triggers refuse: lift them for it."""
    from django.db.backends.sqlite3.base import DatabaseOperations

    original = DatabaseOperations.execute_sql_flush

    def execute_sql_flush(self, sql_list):
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            original(self, sql_list)
            for _name, sql in triggers:
                cursor.execute(sql)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", execute_sql_flush)
        yield


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium, live_server, settings):
    """Factory of pages in contexts of their own; fails the test on script errors, CSP violations and 5xx answers."""
    settings.BASE_URL = live_server.url
    problems: list[str] = []
    contexts = []

    def on_console(message) -> None:
        # axe, run by the test itself, has no address and styles its probes; only what a page does counts
        if message.location["url"] and "Content Security Policy" in message.text:
            problems.append(f"console: {message.text}")

    def on_response(response) -> None:
        if response.status >= 500 or (response.status >= 400 and "/static/" in response.url):
            problems.append(f"{response.status} {response.url}")

    def make(width: int = 1280, height: int = 900, **options):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale="de-DE", timezone_id="Europe/Berlin", **options
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()
        # as on a phone, so that 320 px are 320 px
        context.new_cdp_session(page).send("Emulation.setScrollbarsHidden", {"hidden": True})
        page.base = live_server.url
        page.on("pageerror", lambda error: problems.append(f"script error: {error}"))
        page.on("console", on_console)
        page.on("response", on_response)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not problems


@pytest.fixture
def shoot():
    """Keep a screenshot: `shoot(page, "01-katalog")`."""
    BILDER.mkdir(parents=True, exist_ok=True)

    def take(page, name: str) -> Path:
        target = BILDER / f"{re.sub(r'[^a-z0-9-]', '-', name.lower())}.png"
        page.screenshot(path=target, full_page=True)
        return target

    return take


@pytest.fixture
def axe():
    """Run axe on the page and return its serious and critical findings as readable lines."""

    def check(page) -> list[str]:
        page.evaluate(AXE.read_text())
        result = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{v['id']}: {v['help']} — {v['nodes'][0]['html'][:160]}"
            for v in result["violations"]
            if v["impact"] in ("serious", "critical")
        ]

    return check


@pytest.fixture
def login(client):
    """Log a person in through the session, without the form (the form has its own test)."""
    from django.test import Client

    def do(page, person) -> None:
        session = Client()
        session.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        cookie = session.cookies["sessionid"]
        page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": page.base}])

    return do

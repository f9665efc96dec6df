"""Take the pictures of the README from a running demo: `python -m tests.browser.bilder http://127.0.0.1:8000`."""

import io
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ZIEL = Path(__file__).resolve().parents[2] / "docs" / "bilder"
MAX_BYTES = 150_000
GROSS, TELEFON = (1280, 900), (360, 780)
PASSWORT = "demo-demo-demo"


def _login(page: Page, name: str) -> None:
    page.goto("/konto/login/")
    page.get_by_label("E-Mail-Adresse").fill(f"{name}@demo.example")
    page.get_by_label("Passwort", exact=True).fill(PASSWORT)
    page.locator("main").get_by_role("button", name="Anmelden", exact=True).click()
    page.wait_for_url("**/start/")


def _to_content(page: Page, selector: str = "h1") -> None:
    """The picture begins at the content instead of the header of the site."""
    page.locator(selector).evaluate("e => window.scrollTo(0, e.getBoundingClientRect().top + scrollY - 32)")


def katalog(page: Page) -> None:
    page.goto("/")
    _to_content(page, ".filterleiste")


def anwesenheit(page: Page) -> None:
    _login(page, "lehrende")
    page.goto("/heute/")
    page.locator("a.termin-karte__link").first.click()
    page.locator("form.liste").wait_for()
    rows = page.locator(".az")
    for number, choice in enumerate(("anwesend", "anwesend", "entschuldigt")):
        rows.nth(number).locator(f"label.az__knopf--{choice}").click()
    page.mouse.move(0, 0)
    rows.nth(0).evaluate("row => window.scrollTo(0, row.getBoundingClientRect().top + scrollY - 80)")


def mein_weg(page: Page) -> None:
    _login(page, "teilnehmerin")
    page.goto("/mein-weg/")
    _to_content(page)


def traeger(page: Page) -> None:
    _login(page, "arbeitgeber")
    page.goto("/traeger/")
    _to_content(page)


def zertifikate(page: Page) -> None:
    """The course of the oldest certificate of the demo: issued, revoked and issued again."""
    _login(page, "pruefungsamt")
    page.goto("/zertifikate/register/")
    page.locator("#liste tbody a").last.click()
    page.get_by_role("link", name="Zertifikate des Kurses").click()
    page.get_by_role("table").wait_for()
    _to_content(page)


def pruefen(page: Page) -> None:
    _login(page, "teilnehmerin")
    page.goto("/zertifikate/")
    address = page.get_by_role("link", name="Prüfseite ansehen").first.get_attribute("href")
    page.context.clear_cookies()
    page.goto(address)
    page.get_by_label("Vorname und Nachname").fill("Yasmin Al-Khatib")
    page.get_by_role("button", name="Angaben anzeigen").click()
    page.get_by_text("Angaben des Nachweises").wait_for()


BILDER: dict[str, tuple[Callable[[Page], None], tuple[int, int]]] = {
    "katalog": (katalog, GROSS),
    "anwesenheit": (anwesenheit, TELEFON),
    "mein-weg": (mein_weg, GROSS),
    "traeger": (traeger, GROSS),
    "zertifikate": (zertifikate, GROSS),
    "pruefen": (pruefen, GROSS),
}


def _take(browser: Browser, base: str, name: str) -> Path:
    steps, (width, height) = BILDER[name]
    context = browser.new_context(
        base_url=base, viewport={"width": width, "height": height}, locale="de-DE", timezone_id="Europe/Berlin"
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setScrollbarsHidden", {"hidden": True})
    steps(page)
    page.evaluate("document.fonts.ready")
    target = ZIEL / f"{name}.png"
    target.write_bytes(_compress(page.screenshot()))
    context.close()
    return target


def _compress(png: bytes) -> bytes:
    """Fewer colours until the picture is small enough."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in (256, 128, 64, 32):
        out = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= MAX_BYTES:
            break
    return out.getvalue()


def main(base: str) -> None:
    ZIEL.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--lang=de-DE"])
        for name in BILDER:
            target = _take(browser, base, name)
            sys.stdout.write(f"{target.relative_to(ZIEL.parents[1])}: {target.stat().st_size // 1000} kB\n")
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.browser.bilder BASE_URL")
    main(sys.argv[1].rstrip("/"))

"""The page shell and its components."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.db import DatabaseError
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from lms.core.error_views import forbidden, server_error
from lms.core.models import Vorgang
from lms.core.templatetags.status import ICONS, kind_of

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(
    path for room in ("lms", "module", "kurse", "zertifikate") for path in (ROOT / room).rglob("templates/**/*.html")
)


def draw(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_keep_to_the_content_security_policy(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<[^>]*\sstyle=", text), "inline style"
    assert not re.search(r"<[^>]*\son[a-z]+=", text), "inline event handler"
    assert "hx-on" not in text, "needs eval"
    assert not re.search(r'(src|href)="(https?:)?//', text.replace('xmlns="http://', "")) or "rel=" in text
    for tag in re.findall(r"<script[^>]*>", text):
        assert "src=" in tag or "nonce=" in tag or "application/json" in tag, tag


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["impressum", "datenschutz", "barrierefreiheit", "account_login", "account_reset_password"]
)
def test_public_pages_have_frame_title_one_heading_and_strict_policy(client, name: str) -> None:
    response = client.get(reverse(name))
    html = response.content.decode()
    assert response.status_code == 200
    assert '<html lang="de">' in html
    assert html.count("<h1") == 1
    assert re.search(r"<title>\s*\S.*Nachqualifizierung FSA</title>", html, re.S)
    assert '<a class="sprungmarke kern-link" href="#inhalt">' in html
    assert 'id="inhalt"' in html
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.django_db
def test_links_of_the_frame_lead_to_pages_that_exist(client) -> None:
    html = client.get(reverse("impressum")).content.decode()
    targets = {href.split("?")[0] for href in re.findall(r'<a [^>]*href="(/[^"]*)"', html)}
    assert {"/impressum/", "/datenschutz/", "/barrierefreiheit/"} <= targets
    assert {target: client.get(target, follow=True).status_code for target in targets} == dict.fromkeys(targets, 200)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["account_login", "account_signup", "account_reset_password", "account_reset_password_done"]
)
def test_account_pages_say_sie(client, name: str) -> None:
    html = client.get(reverse(name)).content.decode()
    text = re.sub(r"<[^>]+>", " ", html)
    assert not re.search(r"\b([Dd]u|[Dd]ein\w*|[Dd]ir|[Dd]ich)\b", text)
    assert not re.search(r"\b(Sign In|Sign Up|Password|Email)\b", text)


@pytest.mark.django_db
def test_the_error_page_of_an_unknown_address(client) -> None:
    response = client.get("/gibt-es-nicht/")
    assert response.status_code == 404
    assert "Diese Seite gibt es nicht" in response.content.decode()


def test_the_page_after_a_crash_asks_neither_database_nor_navigation(rf, monkeypatch) -> None:
    def broken(request: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr("lms.core.navigation.navigation_for", broken)
    request = rf.get("/kurse/")
    request.request_id = "abc123"
    with pytest.raises(DatabaseError):
        forbidden(request)  # the control: any other error page does ask
    response = server_error(request)
    assert response.status_code == 500
    assert "Etwas ist schiefgegangen" in response.content.decode()
    assert "abc123" in response.content.decode()


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("zugelassen", "success"),
        ("bestanden", "success"),
        ("beantragt", "info"),
        ("warteliste", "warning"),
        ("nicht_bestanden", "danger"),
        ("widerrufen", "danger"),
        ("storniert", "neutral"),
        ("was_auch_immer", "neutral"),
    ],
)
def test_states_have_a_kind_an_icon_and_words(state: str, kind: str) -> None:
    assert kind_of(state) == kind
    html = draw("{% status_badge wert %}", wert=state)
    assert f"kern-badge--{kind}" in html
    assert f"kern-icon--{ICONS[kind]}" in html
    assert state.replace("_", " ") in html


def test_a_badge_escapes_its_text() -> None:
    assert "&lt;b&gt;" in draw("{% status_badge 'x' text %}", text="<b>")


@pytest.mark.parametrize(
    ("value", "top", "width"),
    [(30, 40, "75.00"), (0, 0, "0.00"), (50, 40, "100.00"), (-1, 40, "0.00"), (None, 40, "0.00")],
)
def test_a_bar_never_leaves_its_frame(value: object, top: int, width: str) -> None:
    assert f'class="balken__wert" width="{width}"' in draw("{% fortschritt v m %}", v=value, m=top)


def test_a_bar_says_in_words_what_it_shows_and_marks_the_threshold() -> None:
    html = draw("{% fortschritt 29.5 40 titel='Besucht' schwelle=30 %}")
    assert "29,5 von 40" in html
    assert 'x1="75.00"' in html
    assert "balken--fertig" not in html
    assert "balken--fertig" in draw("{% fortschritt 30 40 schwelle=30 %}")


def test_paging_keeps_the_filter() -> None:
    request = RequestFactory().get("/kurse/", {"q": "recht & asyl", "seite": "2"})
    html = draw("{% seiten seite %}", seite=Paginator(range(30), 10).page(2), request=request)
    assert 'href="?q=recht+%26+asyl&amp;seite=1"' in html
    assert 'href="?q=recht+%26+asyl&amp;seite=3"' in html
    assert "Seite 2 von 3" in html


def test_one_page_needs_no_paging() -> None:
    request = RequestFactory().get("/")
    assert "<nav" not in draw("{% seiten seite %}", seite=Paginator(range(3), 10).page(1), request=request)


def test_a_posting_button_is_a_form_with_token_and_values() -> None:
    html = draw("{% post_knopf '/x/' 'Los' von='liste' %}", csrf_token="geheim")
    assert 'method="post" action="/x/"' in html
    assert 'name="csrfmiddlewaretoken" value="geheim"' in html
    assert 'name="von" value="liste"' in html


def test_block_tags_keep_markup_and_escape_arguments() -> None:
    html = draw("{% seitenkopf titel=t %}{% link_knopf '/x/' 'Los' %}{% endseitenkopf %}", t="<i>Recht</i>")
    assert '<a class="kern-btn kern-btn--secondary beruehrung" href="/x/">' in html
    assert "&lt;i&gt;Recht&lt;/i&gt;" in html


def test_tabs_mark_the_current_one() -> None:
    links = [
        SimpleNamespace(titel="Termine", url="/a/", aktiv=False),
        SimpleNamespace(titel="Liste", url="/b/", aktiv=True),
    ]
    html = draw("{% reiter_liste links %}", links=links)
    assert re.findall(r'<a href="([^"]+)" aria-current="page"', html) == ["/b/"]


def job(status: str, **fields: object) -> str:
    vorgang = Vorgang(public_id="abcdefgh2345", status=status, gesamt=30, erledigt=12, **fields)
    return render_to_string("core/teile/vorgang.html", {"vorgang": vorgang, "weiter": "/kurse/"})


@pytest.mark.parametrize("status", ["wartend", "laufend"])
def test_a_job_asks_for_news_only_while_it_runs(status: str) -> None:
    html = job(status)
    assert 'hx-trigger="every 1s"' in html
    assert "/vorgaenge/abcdefgh2345/abbrechen/" in html
    assert "Aktualisieren" in html
    assert 'href="/kurse/"' not in html


@pytest.mark.parametrize("status", ["fertig", "fehlgeschlagen", "abgebrochen"])
def test_a_job_that_ended_shows_the_way_on(status: str) -> None:
    html = job(status)
    assert "hx-get" not in html
    assert 'href="/kurse/"' in html
    assert ("/fortsetzen/" in html) == (status != "fertig")


def test_a_job_names_what_failed() -> None:
    html = job("fertig", fehler=[{"objekt": "k1", "bezeichnung": "Eva <Müller>", "meldung": "Das Geburtsdatum fehlt."}])
    assert "Eva &lt;Müller&gt;:" in html
    assert "Das Geburtsdatum fehlt." in html
    assert "nicht alles hat geklappt" in html

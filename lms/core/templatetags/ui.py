"""KERN components as template tags. How to use them: docs/oberflaeche.md."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from lms.core.enums import VorgangStatus
from lms.core.templatetags import formate
from lms.core.templatetags.status import ICONS, kind_of

register = template.Library()
register.filters.update(formate.register.filters)


@register.simple_tag
def icon(name: str, klasse: str = "") -> SafeString:
    """A KERN icon; always decorative, so the text beside it must say the same."""
    return format_html('<span class="kern-icon kern-icon--{} {}" aria-hidden="true"></span>', name, klasse)


@register.simple_tag
def status_badge(wert: Any, text: str = "", art: str = "") -> SafeString:
    """A state as a badge: `{% status_badge kurs.status kurs.get_status_display %}`."""
    kind = art or kind_of(str(wert))
    label = text or getattr(wert, "label", "") or str(wert).replace("_", " ")
    return format_html(
        '<span class="kern-badge kern-badge--small kern-badge--{}">{}'
        '<span class="kern-label kern-label--small">{}</span></span>',
        kind,
        icon(ICONS[kind], "kern-icon--small"),
        label,
    )


@register.inclusion_tag("teile/meldung.html")
def meldung(art: str, titel: str, text: str = "") -> dict[str, Any]:
    """An alert. `art`: info, success, warning, danger."""
    return {"art": art, "titel": titel, "text": text}


@register.inclusion_tag("teile/leer.html")
def leer(text: str, url: str = "", knopf: str = "", titel: str = "") -> dict[str, Any]:
    """Empty state with an optional way on."""
    return {"text": text, "url": url, "knopf": knopf, "titel": titel}


@register.inclusion_tag("teile/fortschritt.html")
def fortschritt(wert: Any, maximum: Any, text: str = "", titel: str = "", schwelle: Any = None) -> dict[str, Any]:
    """A bar and the same in words. `schwelle` (same unit as `wert`) draws a mark at what is required."""
    top = Decimal(str(maximum or 0))
    value = min(max(Decimal(str(wert or 0)), Decimal(0)), top)
    share = float(100 * value / top) if top else 0.0
    mark = float(min(100 * Decimal(str(schwelle)) / top, Decimal(100))) if schwelle and top else None
    return {
        "titel": titel,
        "text": text or _("%(wert)s von %(maximum)s") % {"wert": formate.zahl(wert or 0), "maximum": formate.zahl(top)},
        "anteil": f"{share:.2f}",
        "schwelle": f"{mark:.2f}" if mark is not None else "",
        "erreicht": mark is not None and share >= mark,
        "voll": bool(top) and value >= top,
    }


@register.inclusion_tag("teile/pfad.html")
def pfad(schritte: Any, titel: str = "") -> dict[str, Any]:
    """The way through a programme: dicts or objects with `titel`, `art`, optional `text`, `url`, `status`.

    `art`: fertig, laufend, naechste, fehlt.
    """
    return {"schritte": schritte, "titel": titel}


@register.inclusion_tag("teile/kennzahl.html")
def kennzahl(wert: Any, titel: str, text: str = "", url: str = "") -> dict[str, Any]:
    """One number as a card; put several into `<ul class="kennzahlen">`."""
    return {"wert": wert, "titel": titel, "text": text, "url": url}


@register.inclusion_tag("teile/seiten.html", takes_context=True)
def seiten(context: Any, seite: Any, name: str = "seite") -> dict[str, Any]:
    """Pagination of a Django `Page`; keeps the rest of the query string."""
    query = context["request"].GET.copy()

    def address(number: int) -> str:
        query[name] = str(number)
        return f"?{query.urlencode()}"

    return {
        "seite": seite,
        "zurueck": address(seite.previous_page_number()) if seite.has_previous() else "",
        "weiter": address(seite.next_page_number()) if seite.has_next() else "",
    }


@register.inclusion_tag("teile/brotkrumen.html")
def brotkrumen(*teile: Any) -> dict[str, Any]:
    """`{% brotkrumen "Kurse" kurse_url kurs.titel %}`: pairs of title and URL, last the current page."""
    pairs = list(zip(teile[0:-1:2], teile[1::2], strict=False))
    return {"wege": pairs, "aktuell": teile[-1] if len(teile) % 2 else ""}


@register.inclusion_tag("teile/reiter.html")
def reiter(*teile: Any, aktiv: str = "", titel: str = "") -> dict[str, Any]:
    """Tabs as links: `{% reiter "Termine" url1 "Teilnehmende" url2 aktiv="Termine" %}`."""
    return {"links": list(zip(teile[::2], teile[1::2], strict=True)), "aktiv": str(aktiv), "titel": titel}


@register.inclusion_tag("teile/post_knopf.html", takes_context=True)
def post_knopf(context: Any, url: str, text: str, art: str = "secondary", symbol: str = "", **werte: Any) -> dict:
    """A button that posts. Further keyword arguments become hidden fields."""
    return {
        "url": url,
        "text": text,
        "art": art,
        "symbol": symbol,
        "werte": werte,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def link_knopf(url: str, text: str, art: str = "secondary", symbol: str = "") -> SafeString:
    """A link that looks like a button."""
    return format_html(
        '<a class="kern-btn kern-btn--{} beruehrung" href="{}">{}<span class="kern-label">{}</span></a>',
        art,
        url,
        icon(symbol) if symbol else "",
        text,
    )


@register.simple_tag
def knopf(text: str, art: str = "primary", symbol: str = "", name: str = "", wert: str = "") -> SafeString:
    """The submit button of a form."""
    return format_html(
        '<button type="submit" class="kern-btn kern-btn--{} beruehrung"{}>{}'
        '<span class="kern-label">{}</span></button>',
        art,
        format_html(' name="{}" value="{}"', name, wert) if name else "",
        icon(symbol) if symbol else "",
        text,
    )


@register.simple_block_tag
def seitenkopf(content: str, titel: str, lead: str = "", vorzeile: str = "", status: str = "") -> SafeString:
    """`h1`, lead and, between the tags, the actions of the page."""
    data = {
        "titel": titel,
        "lead": lead,
        "vorzeile": vorzeile,
        "status": status,
        "aktionen": mark_safe(content.strip()),
    }  # noqa: S308  (rendered template)
    return render_to_string("teile/seitenkopf.html", data)


@register.simple_block_tag
def karte(content: str, titel: str = "", url: str = "", vorzeile: str = "", ebene: int = 3) -> SafeString:
    """A card; with `url` its title is a link that covers the whole card."""
    data = {"titel": titel, "url": url, "vorzeile": vorzeile, "ebene": ebene, "inhalt": content}
    return render_to_string("teile/karte.html", data)


@register.simple_block_tag
def abschnitt(content: str, titel: str, anker: str = "", lead: str = "") -> SafeString:
    """A section with its `h2`."""
    return render_to_string("teile/abschnitt.html", {"titel": titel, "anker": anker, "lead": lead, "inhalt": content})


@register.simple_block_tag
def bestaetigen(content: str, knopf: str, titel: str, art: str = "secondary", symbol: str = "") -> SafeString:
    """A button that first asks: between the tags the explanation and the form that acts.

    Without JavaScript it folds open in place, with JavaScript it is a dialog.
    """
    data = {"knopf": knopf, "titel": titel, "art": art, "symbol": symbol, "inhalt": content}
    return render_to_string("teile/bestaetigen.html", data)


@register.simple_block_tag
def aufklappen(content: str, titel: str, offen: bool = False) -> SafeString:
    """A KERN accordion: what stands behind a number, further details."""
    return render_to_string("teile/aufklappen.html", {"titel": titel, "offen": offen, "inhalt": content})


@register.inclusion_tag("teile/filterleiste.html", takes_context=True)
def filterleiste(context: Any, form: BaseForm, anzahl: int | None = None, ziel: str = "") -> dict[str, Any]:
    """A GET form of filters; folded on phones. With `ziel` (an element id) HTMX replaces just that element."""
    form.ohne_freiwillig = True  # type: ignore[attr-defined]
    request = context.get("request")
    names = {field.html_name for field in form.visible_fields()}
    active = sum(1 for name in names if request and any(request.GET.getlist(name)))
    return {"form": form, "anzahl": anzahl, "ziel": ziel, "aktiv": active, "path": request.path if request else ""}


@register.simple_tag
def formularfehler_links(form: BaseForm) -> list[dict[str, Any]]:
    """The errors of the fields with the id to jump to, in the order of the fields."""
    links = []
    for field in form:
        for text in [] if field.is_hidden else field.errors:
            links.append({"ziel": field.id_for_label or field.auto_id, "titel": field.label, "text": text})
    return links


@register.filter
def wert_von(mapping: Mapping, key: Any) -> Any:
    """`{{ zahlen|wert_von:kurs.pk }}`"""
    return mapping.get(key)


@register.filter
def vorgang_aktiv(status: str) -> bool:
    return status in (VorgangStatus.WARTEND, VorgangStatus.LAUFEND)


@register.inclusion_tag("teile/reiter.html")
def reiter_liste(links: Any, titel: str = "") -> dict[str, Any]:
    """Tabs from objects with `titel`, `url`, `aktiv`."""
    pairs = [(link.titel, link.url) for link in links]
    return {"links": pairs, "aktiv": next((link.url for link in links if link.aktiv), ""), "titel": titel}

"""What this room shows elsewhere: buttons on the course page, sections of the start page, the navigation entry."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kurse.einschreibung.enums import EinschreibungStatus
from kurse.einschreibung.models import Einschreibung
from kurse.einschreibung.selectors import (
    einschreibungen_to_approve,
    new_einschreibungen,
    own_row,
    with_kurs,
    with_naechster_termin,
)
from kurse.einschreibung.services import ZURUECKGEZOGEN
from kurse.planung.aktionen import Aktion
from kurse.planung.models import Kurs
from lms.core.start import Abschnitt, Aufgabenzeile
from lms.konten.enums import Recht
from lms.konten.rechte import rollenrechte

S = EinschreibungStatus


def _rechte(request: HttpRequest) -> set[str]:
    """All rights of the person in any organisation, read once per request."""
    return {row.recht for row in rollenrechte(request)}


def is_approver(request: HttpRequest) -> bool:
    return Recht.EINSCHREIBUNGEN_GENEHMIGEN in _rechte(request)


def kursaktionen(request: HttpRequest, kurs: Kurs) -> Iterator[Aktion]:
    """Enrol, join the waiting list, or where the own enrolment stands; employers enrol their people."""
    row = own_row(request.user, kurs)
    if row is not None and row.status not in ZURUECKGEZOGEN:
        yield Aktion(_own_text(row))
        yield Aktion(_("Zu meinen Kursen"), reverse("meine_kurse"))
    elif kurs.anmeldung_offen:
        text = _("Einschreiben") if kurs.freie_plaetze else _("Auf die Warteliste")
        yield Aktion(text, reverse("einschreiben", args=[kurs.public_id]), art="primary")
    else:
        yield Aktion(_("Die Anmeldung ist im Moment nicht offen."))
    if kurs.anmeldung_offen and is_approver(request):
        yield Aktion(_("Beschäftigte einschreiben"), f"{reverse('traeger_einschreiben')}?kurs={kurs.public_id}")


def _own_text(row: Einschreibung) -> str:
    if row.status == S.WARTELISTE:
        return _("Sie stehen auf Platz %(n)s der Warteliste.") % {"n": row.warteplatz}  # type: ignore[attr-defined]
    return _("Ihr Stand: %(status)s") % {"status": row.get_status_display()}


def abschnitte(request: HttpRequest) -> list[Abschnitt]:
    """Participant: offers and next sessions; employer: open approvals; provider: new enrolments."""
    found = [_own_section(request)]
    if is_approver(request):
        found.append(_approval_section(request))
    if Recht.KURSE_VERWALTEN in _rechte(request):
        found.append(_provider_section(request))
    return found


def _own_section(request: HttpRequest) -> Abschnitt:
    rows = with_naechster_termin(with_kurs(Einschreibung.objects.filter(person=request.user)))
    rows = rows.filter(status__in=(S.ANGEBOTEN, S.BEANTRAGT, S.WARTELISTE, S.ZUGELASSEN))
    lines = [_own_line(row) for row in rows.order_by("naechster_beginn", "-id")[:8]]
    return Abschnitt(
        _("Meine Kurse"),
        sorted(lines, key=lambda line: not line.dringend),
        order=10,
        mehr_url=reverse("meine_kurse"),
        mehr_text=_("Alle meine Kurse"),
    )


def _own_line(row: Einschreibung) -> Aufgabenzeile:
    from lms.core.templatetags.formate import zeitpunkt, zeitraum

    if row.status == S.ANGEBOTEN:
        text = _("Ein Platz ist frei. Bitte bis %(bis)s annehmen.") % {"bis": zeitpunkt(row.angebot_bis)}
        return Aufgabenzeile(row.kurs.titel, reverse("meine_kurse"), text, dringend=True)
    beginn, ende = row.naechster_beginn, row.naechstes_ende  # type: ignore[attr-defined]
    if row.status == S.ZUGELASSEN and beginn:
        text = _("Nächster Termin: %(wann)s") % {"wann": zeitraum(beginn, ende)}
    else:
        text = str(row.get_status_display())
    return Aufgabenzeile(row.kurs.titel, reverse("kurs", args=[row.kurs.public_id]), text)


def _approval_section(request: HttpRequest) -> Abschnitt:
    lines = [
        Aufgabenzeile(
            f"{row.person.name}: {row.kurs.titel}",
            reverse("genehmigung", args=[row.public_id]),
            _("wartet auf Ihre Zustimmung"),
            dringend=True,
        )
        for row in einschreibungen_to_approve(request.user)[:5]
    ]
    return Abschnitt(
        _("Anmeldungen Ihrer Beschäftigten"),
        lines,
        order=20,
        mehr_url=reverse("genehmigungen"),
        mehr_text=_("Alle Genehmigungen"),
    )


def _provider_section(request: HttpRequest) -> Abschnitt:
    lines = []
    for row in new_einschreibungen(request.user):
        parts = []
        if row["neu"]:
            parts.append(ngettext("%(n)s neu seit 7 Tagen", "%(n)s neu seit 7 Tagen", row["neu"]) % {"n": row["neu"]})
        if row["wartend"]:
            parts.append(_("%(n)s auf der Warteliste") % {"n": row["wartend"]})
        lines.append(
            Aufgabenzeile(row["titel"], reverse("teilnehmende", args=[row["kurs_id_public"]]), " · ".join(parts))
        )
    return Abschnitt(_("Neue Einschreibungen"), lines, order=30)

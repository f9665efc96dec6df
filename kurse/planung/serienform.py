"""Forms for sessions: a series, and moving or describing one session."""

import re
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kurse.planung.enums import SerienArt
from kurse.planung.models import Kurs, Ort, Termin
from kurse.planung.serie import Intervall, Pausenmuster, Serienplan, local_datetime
from lms.core.errors import DomainError

WOCHENTAGE = [
    (0, _("Montag")),
    (1, _("Dienstag")),
    (2, _("Mittwoch")),
    (3, _("Donnerstag")),
    (4, _("Freitag")),
    (5, _("Samstag")),
    (6, _("Sonntag")),
]
_PAUSE = re.compile(r"^(\d{1,2})[:.](\d{2})\s*(?:-|–|bis)\s*(\d{1,2})[:.](\d{2})(?:\s*Uhr)?$")
_SEPARATOR = re.compile(r"[,;\n]+")


class PausenField(forms.CharField):
    """Breaks as people write them: `10:30–10:45, 12:15–13:15`. Cleans to pairs of times."""

    default_error_messages = {"format": _("Bitte schreiben Sie Pausen so: 10:30–10:45, 12:15–13:15.")}

    def clean(self, value: Any) -> tuple[tuple[time, time], ...]:  # type: ignore[override]
        text = super().clean(value)
        found = []
        for part in filter(None, (piece.strip() for piece in _SEPARATOR.split(text))):
            match = _PAUSE.match(part)
            try:
                a, b, c, d = (int(number) for number in match.groups())  # type: ignore[union-attr]
                found.append((time(a, b), time(c, d)))
            except (AttributeError, ValueError):
                raise forms.ValidationError(self.error_messages["format"], code="format") from None
        return tuple(found)


class TageField(forms.CharField):
    """Dates separated by commas or lines: `3.11.2026, 17.11.2026`, ISO dates too. Cleans to a tuple of dates."""

    widget = forms.Textarea(attrs={"rows": 3})
    default_error_messages = {"format": _("„%(teil)s“ ist kein Datum. Bitte schreiben Sie zum Beispiel 3.11.2026.")}
    FORMATS = ("%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y")

    def clean(self, value: Any) -> tuple[date, ...]:  # type: ignore[override]
        text = super().clean(value)
        return tuple(self._one(part) for part in filter(None, (p.strip() for p in _SEPARATOR.split(text))))

    def _one(self, part: str) -> date:
        for pattern in self.FORMATS:
            try:
                return datetime.strptime(part, pattern).date()  # noqa: DTZ007
            except ValueError:
                continue
        raise forms.ValidationError(self.error_messages["format"], code="format", params={"teil": part[:30]})


class SerieForm(forms.Form):
    """A series: weekly, a block, or single days. `plan()` gives the plan, the services decide."""

    art = forms.ChoiceField(
        label=_("Art der Serie"), choices=SerienArt.choices, widget=forms.RadioSelect, initial=SerienArt.WOECHENTLICH
    )
    von = forms.DateField(label=_("Erster Tag"), required=False)
    bis = forms.DateField(label=_("Letzter Tag"), required=False, help_text=_("oder geben Sie eine Anzahl an"))
    anzahl = forms.IntegerField(label=_("Anzahl der Termine"), required=False, min_value=1, max_value=120)
    wochentage = forms.TypedMultipleChoiceField(
        label=_("Wochentage"),
        choices=WOCHENTAGE,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nur für wöchentliche Serien; ohne Auswahl gilt der Wochentag des ersten Tages."),
    )
    rhythmus = forms.TypedChoiceField(
        label=_("Rhythmus"),
        choices=[(1, _("jede Woche")), (2, _("alle 2 Wochen")), (3, _("alle 3 Wochen")), (4, _("alle 4 Wochen"))],
        coerce=int,
        empty_value=1,
        initial=1,
        required=False,
        help_text=_("Nur für wöchentliche Serien."),
    )
    tage = TageField(
        label=_("Einzelne Tage"),
        required=False,
        help_text=_("Nur für einzelne Tage, zum Beispiel 3.11.2026, 17.11.2026."),
    )
    beginn = forms.TimeField(label=_("Beginn"), initial=time(9))
    ende = forms.TimeField(label=_("Ende"), initial=time(16, 30))
    pausenart = forms.ChoiceField(
        label=_("Pausen"),
        choices=[
            ("standard", _("üblich: 15 Minuten je zweimal 90 Minuten, 60 Minuten Mittag")),
            ("eigene", _("eigene Zeiten")),
            ("keine", _("keine Pausen")),
        ],
        widget=forms.RadioSelect,
        initial="standard",
    )
    pausen = PausenField(label=_("Eigene Pausen"), required=False, help_text=_("Zum Beispiel 10:30–10:45, 12:15–13:15"))
    auslassen = TageField(
        label=_("Diese Tage auslassen"), required=False, help_text=_("Zum Beispiel Ferientage: 22.12.2026, 29.12.2026")
    )
    feiertage_auslassen = forms.BooleanField(label=_("Feiertage in Sachsen auslassen"), initial=True, required=False)
    wochenenden_auslassen = forms.BooleanField(
        label=_("Wochenenden auslassen (im Block)"), initial=True, required=False
    )
    ort = forms.ModelChoiceField(
        label=_("Ort"),
        queryset=Ort.objects.none(),
        required=False,
        to_field_name="public_id",
        empty_label=_("kein Ort"),
    )
    link = forms.URLField(
        label=_("Link zum Online-Raum"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("Nur Teilnehmende und Lehrende sehen ihn."),
    )
    thema = forms.CharField(label=_("Thema"), max_length=200, required=False)
    trotz_konflikten = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kurs: Kurs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ort"].queryset = Ort.objects.filter(organisation=kurs.veranstalter_id)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("pausenart") == "eigene" and not data.get("pausen") and "pausen" not in self.errors:
            self.add_error("pausen", _("Bitte geben Sie die Pausen an oder wählen Sie „keine Pausen“."))
        if data.get("art") == SerienArt.EINZELN and not data.get("tage") and "tage" not in self.errors:
            self.add_error("tage", _("Bitte geben Sie mindestens einen Tag an."))
        return data

    def plan(self) -> Serienplan:
        data = self.cleaned_data
        breaks = {"eigene": data["pausen"], "keine": ()}.get(
            data["pausenart"], tuple(Pausenmuster().pausen(data["beginn"], data["ende"]))
        )
        return Serienplan(
            art=data["art"],
            beginn=data["beginn"],
            ende=data["ende"],
            von=data["von"],
            bis=data["bis"],
            anzahl=data["anzahl"],
            wochentage=tuple(data["wochentage"]),
            rhythmus=data["rhythmus"],
            tage=data["tage"],
            pausen=breaks,
            auslassen=frozenset(data["auslassen"]),
            feiertage_auslassen=data["feiertage_auslassen"],
            wochenenden_auslassen=data["wochenenden_auslassen"],
            ort=data["ort"],
            link=data["link"],
            thema=data["thema"],
        )


def pausen_text(termin: Termin) -> str:
    """Breaks of a session as `PausenField` reads them."""
    local = timezone.localtime
    return ", ".join(f"{local(p.beginn):%H:%M}–{local(p.ende):%H:%M}" for p in termin.pausen.all())


class VerlegenForm(forms.Form):
    """Move one session; starts with what is planned now."""

    tag = forms.DateField(label=_("Tag"))
    beginn = forms.TimeField(label=_("Beginn"))
    ende = forms.TimeField(label=_("Ende"))
    pausen = PausenField(label=_("Pausen"), required=False, help_text=_("Zum Beispiel 10:30–10:45, 12:15–13:15"))
    ort = forms.ModelChoiceField(
        label=_("Ort"),
        queryset=Ort.objects.none(),
        required=False,
        to_field_name="public_id",
        empty_label=_("kein Ort"),
    )
    link = forms.URLField(label=_("Link zum Online-Raum"), max_length=500, required=False, assume_scheme="https")
    grund = forms.CharField(
        label=_("Grund"),
        max_length=300,
        help_text=_(
            "Teilnehmende und Lehrende können ihn lesen. Bitte keine Angaben zur Gesundheit einzelner Personen."
        ),
    )
    trotz_konflikten = forms.BooleanField(label=_("Trotz der Überschneidungen verlegen"), required=False)

    def __init__(self, *args: Any, termin: Termin, **kwargs: Any) -> None:
        beginn, ende = timezone.localtime(termin.beginn), timezone.localtime(termin.ende)
        kwargs.setdefault("initial", {}).update(
            tag=beginn.date(),
            beginn=beginn.time(),
            ende=ende.time(),
            pausen=pausen_text(termin),
            ort=termin.ort.public_id if termin.ort else None,
            link=termin.link,
        )
        super().__init__(*args, **kwargs)
        self.fields["ort"].queryset = Ort.objects.filter(organisation=termin.kurs.veranstalter_id)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Local wall times become points in time; an hour that the clocks skip is named."""
        data = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                data["zeiten"] = self._times(data)
            except DomainError as exc:
                self.add_error(exc.field, exc.message)
        return data

    @staticmethod
    def _times(data: dict[str, Any]) -> dict[str, Any]:
        day = data["tag"]
        pausen: tuple[Intervall, ...] = tuple(
            (local_datetime(day, a), local_datetime(day, b)) for a, b in data["pausen"]
        )
        return {
            "beginn": local_datetime(day, data["beginn"]),
            "ende": local_datetime(day, data["ende"]),
            "pausen": pausen,
            "ort": data["ort"],
            "link": data["link"],
        }


class TerminForm(forms.ModelForm):
    """Topic and link: what may change without telling anybody."""

    class Meta:
        model = Termin
        fields = ["thema", "link"]

    link = forms.URLField(label=_("Link zum Online-Raum"), max_length=500, required=False, assume_scheme="https")

    def _post_clean(self) -> None:
        """The service validates the row."""

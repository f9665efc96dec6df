"""Which key of a curricula file means what. Keys without a field of their own become titled texts of the programme."""

from django.utils.translation import gettext_lazy as _

from module.enums import BausteinArt

PROGRAMMFELDER = frozenset(
    {
        "id",
        "programme",
        "institution",
        "source_url",
        "relevance",
        "award",
        "target_group",
        "admission",
        "format",
        "duration",
        "total_ue",
        "total_workload_h",
        "total_ects",
        "modules",
    }
)
PROGRAMMANGABEN = {
    "structure": _("Aufbau"),
    "topics": _("Themen"),
    "final_assessment": _("Abschlussprüfung"),
    "min_attendance": _("Mindestanwesenheit"),
    "evidence": _("Nachweise"),
    "admission_documents": _("Unterlagen zur Anmeldung"),
    "recognition": _("Anrechnung"),
    "assignments_example": _("Beispiele für Aufgaben"),
    "hours_presence_min": _("Präsenz mindestens (Stunden)"),
    "hours_self_study_min": _("Selbststudium mindestens (Stunden)"),
    "hours_self_study_optional": _("Selbststudium, wahlweise (Stunden)"),
    "hours_practice_min": _("Praxis mindestens (Stunden)"),
    "ue_presence": _("Unterrichtseinheiten in Präsenz"),
    "ue_presence_min": _("Unterrichtseinheiten in Präsenz mindestens"),
    "ue_self_study": _("Unterrichtseinheiten im Selbststudium"),
    "minutes_per_ue": _("Minuten je Unterrichtseinheit"),
    "hours_per_ects": _("Stunden je ECTS-Punkt"),
    "group_size": _("Gruppengröße"),
    "group_size_max": _("Gruppengröße höchstens"),
    "min_participants": _("Teilnehmende mindestens"),
    "cohort_size_example": _("Beispiel einer Gruppengröße"),
    "fee_eur": _("Entgelt in Euro"),
    "bildungsurlaub": _("Als Bildungsurlaub anerkannt in"),
    "year": _("Jahr der Angabe"),
    "version": _("Fassung laut Quelle"),
    "supersedes": _("Löst ab"),
    "official_work": _("Amtliches Werk"),
    "secondary_sources": _("Weitere Quellen"),
    "note": _("Hinweis"),
}
MODULFELDER = frozenset(
    {
        "title",
        "code",
        "kind",
        "topics",
        "ue",
        "workload_h",
        "ects",
        "assessment",
        "hours_presence",
        "hours_self_study",
        "duration_months",
        "duration_days",
    }
)
MODULANGABEN = {
    "note": _("Hinweis"),
    "variant": _("Variante"),
    "ue_presence_min": _("Unterrichtseinheiten in Präsenz mindestens"),
    "ue_theory_min": _("Unterrichtseinheiten Theorie mindestens"),
}
ART_JE_KIND: dict[str, str] = {
    "mandatory": BausteinArt.PFLICHT,
    "elective": BausteinArt.WAHLPFLICHT,
    "preparatory": BausteinArt.VORKURS,
    "practice": BausteinArt.PRAXIS,
    "colloquium": BausteinArt.KOLLOQUIUM,
    "follow-up": BausteinArt.SONSTIGES,
    "self-study": BausteinArt.SONSTIGES,
    "area": BausteinArt.SONSTIGES,
}
#: Kinds that are parts of a programme but no modules.
OHNE_MODUL = frozenset({"practice", "colloquium", "follow-up", "self-study", "area"})
#: Where the source gives no kind: titles that name a part which is no module (beginning of the title → kind of part).
TEILE_OHNE_MODUL: tuple[tuple[str, str], ...] = (
    (r"Abschlusskolloquium\b", BausteinArt.KOLLOQUIUM),
    (r"(Schriftliche )?Abschlussarbeit\b", BausteinArt.KOLLOQUIUM),
    (r"Praxisphase\b|Praxisteil\b|Hospitation\b", BausteinArt.PRAXIS),
    (r"Supervision\b|Einweisung in die .*Supervision\b|.*\bunter Supervision\b", BausteinArt.SONSTIGES),
    (r"Selbsterfahrung\b|Selbstorganisierte Arbeitsgruppen\b", BausteinArt.SONSTIGES),
)

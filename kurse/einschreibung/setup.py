"""Registers tabs, navigation and start-page sections of this room; called once at start-up."""


def setup() -> None:
    from kurse.einschreibung.services import cancel_all, close_open_einschreibungen, promote_warteliste
    from kurse.planung import ereignisse

    ereignisse.on(ereignisse.KURS_ABGESAGT, cancel_all)
    ereignisse.on(ereignisse.KURS_ABGESCHLOSSEN, close_open_einschreibungen)
    ereignisse.on(ereignisse.KAPAZITAET_GEAENDERT, promote_warteliste)

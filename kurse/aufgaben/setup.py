"""Registers tabs, navigation and start-page sections of this room; called once at start-up."""


def setup() -> None:
    """Nothing to register yet."""

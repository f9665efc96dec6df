"""Rule violations of the domain. HTML, API, tasks and commands each translate the same error."""


class DomainError(Exception):
    """A rule of the domain forbids an act.

    `code` is stable and machine-readable (documented in docs/fehlercodes.md), `message` is a German sentence for
    people that says what to do, `field` names the form or API field at fault, if there is one. `details` holds
    further machine-readable facts (never personal data).
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        field: str | None = None,
        details: dict | None = None,
    ) -> None:
        super().__init__(str(message))
        self.code = code
        self.message = str(message)
        self.field = field
        self.details = details or {}

"""The refusals of the incident core. Each is named for what was refused; its text is one sentence
for the person who asked, with the next step in it. The edge shows it and keeps what was typed."""


class IncidentError(Exception):
    """A refusal by the rules of the trade. `str(error)` is shown to the person who asked."""


class UnknownIncident(IncidentError):
    """Unknown and forbidden are one identical sentence, so that nothing leaks, whatever case was typed."""

    def __init__(self, key: str = "") -> None:
        named = (
            f"There is no incident {key.upper()} that you can see."
            if key
            else "There is no incident here that you can see."
        )
        super().__init__(f"{named} /incident list shows yours.")


class NotAllowed(IncidentError):
    """The person may see the subject but not do this to it."""


class NotKnownYet(IncidentError):
    def __init__(self) -> None:
        super().__init__(
            "Meridian has not met you yet; it has just asked Slack who you are. Try again in a minute."
        )


class EmptyTitle(IncidentError):
    def __init__(self) -> None:
        super().__init__(
            "Say in a few words what is happening, for example: /incident sev1 Account-takeover wave in EU"
        )


class AlreadyAcknowledged(IncidentError):
    """Somebody else holds the incident; nothing is left to do for this person."""


class ReasonRequired(IncidentError):
    """A change that must say why came without a reason."""


class LoweringNeedsReason(ReasonRequired):
    """A milder severity was asked for without saying why."""


class NotInThisStatus(IncidentError):
    """The lifecycle has no such step from the present status."""


class NothingToDo(IncidentError):
    """The wish is already true."""


class PartsMissing(IncidentError):
    """Closing was asked for while required parts of the postmortem are empty. `parts` names them."""

    def __init__(self, key: str, parts: tuple[str, ...]) -> None:
        self.key, self.parts = key, parts
        super().__init__(
            f"{key} stays resolved: still empty are {', '.join(parts)}. Press “Fill in my part”."
        )


class NoOneOnCall(IncidentError):
    """A target names a seat or schedule that nobody holds."""


class NotAPerson(IncidentError):
    """The words name nobody in this workspace who can be paged."""


class StoreUnavailable(Exception):
    """No refusal: the database cannot take this now, and nothing of it was saved."""

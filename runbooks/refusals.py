"""What the runbook engine refuses, one class a refusal. `str(refusal)` is a sentence with the way on."""

from runbooks.model import Step, StepState


class RunbookError(Exception):
    """Every refusal of this package. The edge shows its sentence to whoever asked."""


class UnknownStep(RunbookError):
    """The run has no step of that id."""

    def __init__(self, step_id: str) -> None:
        super().__init__(f"This runbook has no step “{step_id}”. Choose one of its steps.")
        self.step_id = step_id


class StepAlreadyDone(RunbookError):
    """The step is done; `state` says by whom, when and with which answer."""

    def __init__(self, step: Step, state: StepState) -> None:
        super().__init__(f"Already done{_since(state)}: {step.text} Reopen it to change it.")
        self.step, self.state = step, state


class StepAlreadySkipped(RunbookError):
    """The step was skipped, by a person or because an answer made it needless; `state` says which."""

    def __init__(self, step: Step, state: StepState) -> None:
        super().__init__(f"Already skipped{_since(state)}: {step.text} Reopen it to change it.")
        self.step, self.state = step, state


class StepStillOpen(RunbookError):
    """Only a step that is done or skipped can be reopened."""

    def __init__(self, step: Step) -> None:
        super().__init__(f"Still open: {step.text} Nothing was changed.")
        self.step = step


class ReasonRequired(RunbookError):
    """A step is skipped with a reason, or not at all."""

    def __init__(self, step: Step) -> None:
        super().__init__(f"To skip a step, say why in a few words: {step.text}")
        self.step = step


class UnknownChoice(RunbookError):
    """The answer is not one of the step's options, or the step asks nothing."""

    def __init__(self, step: Step, choice: str) -> None:
        super().__init__(f"“{choice}” is no answer here. {_way_on(step)}")
        self.step, self.choice = step, choice


class ChoiceRequired(RunbookError):
    """A question is done by answering it."""

    def __init__(self, step: Step) -> None:
        super().__init__(f"{step.text} {_way_on(step)}")
        self.step = step


def _since(state: StepState) -> str:
    return f" at {state.at:%H:%M} UTC" if state.at else ""


def _way_on(step: Step) -> str:
    if not step.options:
        return "This step has no answers to choose from: mark it done."
    return f"Choose one of: {' · '.join(option.label for option in step.options)}."

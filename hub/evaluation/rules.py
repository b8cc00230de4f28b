"""Who may count as a citizen's own answer. Pure."""

from typing import Literal

from hub.wire import EvaluationChannel

Source = Literal["citizen", "default", "typed"]


def source_of(channel: EvaluationChannel) -> Source:
    """A paper form is typed in by staff; every other channel is a citizen's own act."""
    return "typed" if channel == "paper" else "citizen"

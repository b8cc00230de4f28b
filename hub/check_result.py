"""One line of `hall check`."""

from dataclasses import dataclass
from typing import Literal

from hub.problems import HallError

MARKS = ("✓", "!", "✗")


@dataclass(frozen=True)
class Result:
    """`severity` 0 ok, 1 warning, 2 failure."""

    name: str
    severity: Literal[0, 1, 2]
    text: str

    def line(self) -> str:
        return f"{MARKS[self.severity]} {self.name}: {self.text}"


def failed(name: str, error: Exception, *, chinese: bool) -> Result:
    """What went wrong, in the reader's language where the error knows it."""
    told = error.sentence("zh" if chinese else "en") if isinstance(error, HallError) else str(error)
    return Result(name, 2, told)

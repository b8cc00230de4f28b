"""What became of each slip, told to the hub until the hub has it. Runs on the link's event loop."""

import asyncio
import logging
from collections import deque
from dataclasses import dataclass

from hub.link import HubAway, Link, Refused
from hub.wire import PrintFailed
from kiosk.state import Report

log = logging.getLogger("kiosk.reporting")

AGAIN_AFTER_S = (0.2, 0.5, 1.0, 2.0, 5.0)
#: A day of a busy machine; the oldest are dropped first, and said so in the log.
REPORTS_KEPT = 1000
DETAIL_LONGEST = 200


@dataclass(frozen=True)
class _Letter:
    report: Report
    key: str


class Reporting:
    """Reports in order, each with a key of its own so that sending it twice changes nothing."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._letters: deque[_Letter] = deque()
        self._there = asyncio.Event()

    @property
    def idle(self) -> bool:
        return not self._letters

    async def put(self, report: Report, key: str) -> None:
        if len(self._letters) >= REPORTS_KEPT:
            log.error("a report about paper was dropped", extra={"ticket": self._letters.popleft().report.ticket})
        self._letters.append(_Letter(report, key))
        self._there.set()

    async def run(self) -> None:
        """Until cancelled."""
        tries = 0
        while True:
            await self._there.wait()
            letter = self._letters[0]
            if await self._taken(letter):
                tries = 0
                self._forget(letter)
            else:
                await asyncio.sleep(AGAIN_AFTER_S[min(tries, len(AGAIN_AFTER_S) - 1)])
                tries += 1

    def _forget(self, letter: _Letter) -> None:
        if self._letters and self._letters[0] is letter:
            self._letters.popleft()
        if not self._letters:
            self._there.clear()

    async def _taken(self, letter: _Letter) -> bool:
        """True when the hub has it, or will never take it."""
        report = letter.report
        verb, body = _told(report)
        try:
            await self._link.post(f"/tickets/{report.ticket}/{verb}", body, key=letter.key)
        except HubAway:
            return False
        except Refused as error:
            problem = error.problem
            log.warning("report refused", extra={"ticket": report.ticket, "code": problem.code})
            return 400 <= problem.status < 500 and problem.status not in (401, 403, 429)
        return True


def _told(report: Report) -> tuple[str, PrintFailed | None]:
    """The hub's verb and what goes with it."""
    if report.outcome == "printed":
        return "printed", None
    if report.outcome == "reprinted":
        return "reprint", None
    return "print-failed", PrintFailed(outcome=report.outcome, reason=report.detail[:DETAIL_LONGEST])

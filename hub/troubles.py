"""Standing troubles of a running hub: what somebody must look after, told until it is over."""

import logging
import threading
from dataclasses import dataclass
from datetime import datetime

from hub.wire import Language

log = logging.getLogger("hall.health")


@dataclass(frozen=True)
class Trouble:
    """`grave` = the hub cannot do its work meanwhile; /readyz answers 503 and the `reason`."""

    code: str
    zh: str
    en: str
    since: datetime
    grave: bool = False
    reason: str = ""

    def text(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


class Troubles:
    """By code; from any thread. Whoever told one also clears it."""

    def __init__(self) -> None:
        self._standing: dict[str, Trouble] = {}
        self._lock = threading.Lock()
        self.told: dict[str, int] = {}

    def tell(self, trouble: Trouble) -> None:
        """Logged when it is new or its text changed; `since` stays that of the first telling."""
        with self._lock:
            known = self._standing.get(trouble.code)
            if known and known.en == trouble.en:
                return
            self._standing[trouble.code] = trouble
            self.told[trouble.code] = self.told.get(trouble.code, 0) + 1
        log.warning("trouble", extra={"code": trouble.code, "text": trouble.en})

    def clear(self, code: str) -> None:
        with self._lock:
            known = self._standing.pop(code, None)
        if known:
            log.info("trouble is over", extra={"code": code})

    def all(self) -> list[Trouble]:
        """Grave ones first, then the oldest."""
        with self._lock:
            return sorted(self._standing.values(), key=lambda trouble: (not trouble.grave, trouble.since))

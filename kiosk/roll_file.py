"""The paper estimate, kept on the machine's own disk: switched off and on, it goes on counting."""

import json
import logging
import re
from dataclasses import asdict
from pathlib import Path

from hub.private_files import replace
from kiosk.roll import Roll

log = logging.getLogger("kiosk.printing")


_NOT_A_FILE_NAME = re.compile(r"[^\w.-]")


def roll_path(folder: Path, station: str) -> Path:
    return folder / f"kiosk-{_NOT_A_FILE_NAME.sub('_', station)}.roll.json"


class RollFile:
    """Without a path nothing is kept."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def read(self) -> Roll:
        """A file that is not there or cannot be read is a roll nobody knows anything of."""
        if self._path is None:
            return Roll()
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            left = kept["left_mm"]
            return Roll(None if left is None else float(left), max(1.0, float(kept["slip_mm"])))
        except FileNotFoundError:
            return Roll()
        except (OSError, ValueError, TypeError, KeyError) as error:
            log.warning("the paper estimate cannot be read", extra={"file": str(self._path), "error": str(error)})
            return Roll()

    def keep(self, roll: Roll) -> None:
        """A disk that refuses costs the estimate after the next start, no more."""
        if self._path is None:
            return
        try:
            replace(self._path, json.dumps(asdict(roll)))
        except OSError as error:
            log.warning("the paper estimate cannot be kept", extra={"file": str(self._path), "error": str(error)})

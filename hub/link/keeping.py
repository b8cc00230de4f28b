"""What a paired station keeps on its own disk: its key, its name, the hub's certificate. For its user only."""

import json
import logging
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from hub.private_files import replace
from hub.settings import Settings, data_folder
from hub.wire import StationRole

log = logging.getLogger("hall.link")

_NOT_A_FILE_NAME = re.compile(r"[^\w.-]")


@dataclass(frozen=True, repr=False)
class Membership:
    """How a station comes in. `secure`: it was paired over https and never speaks plain http with a hub again."""

    token: str
    station: str
    certificate: str = ""
    secure: bool = False


class Keeping:
    """The membership of one station of this machine."""

    def __init__(self, settings: Settings, role: StationRole | None, station: str) -> None:
        """Without a role the station only has the token of its settings."""
        self._set = Membership(settings.station.token, station) if settings.station.token else None
        self._path = _path(role, station) if role else None
        self._known: Membership | None = None

    @property
    def fixed(self) -> bool:
        """Whether the settings say it: then nothing is paired."""
        return self._set is not None or self._path is None

    def membership(self) -> Membership | None:
        """None before the pairing, and for a file that cannot be read: then the station is paired anew."""
        if self._set or self._path is None:
            return self._set
        if self._known is None:
            self._known = self._read(self._path)
        return self._known

    def _read(self, path: Path) -> Membership | None:
        try:
            return Membership(**json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            log.warning("the kept pairing cannot be read", extra={"file": str(path), "error": str(error)})
            return None

    def keep(self, membership: Membership) -> None:
        """From now on. A disk that refuses costs a new pairing at the next start, no more."""
        assert self._path is not None
        self._known = membership
        try:
            replace(self._path, json.dumps(asdict(membership)))
        except OSError as error:
            log.error("the pairing cannot be kept on this disk", extra={"file": str(self._path), "error": str(error)})

    def forget(self) -> None:
        """The next start pairs anew."""
        if self._path:
            self._path.unlink(missing_ok=True)


def _path(role: StationRole, station: str) -> Path:
    return data_folder() / "stations" / f"{role}-{_NOT_A_FILE_NAME.sub('_', station)}.json"

"""`database_url`: which database a hall keeps its data in."""

from pathlib import Path

from hub.settings import SettingsError, data_folder


def database_path(database_url: str) -> Path:
    """The SQLite file of a `database_url`; empty means the user's data folder. Raises SettingsError for others."""
    if not database_url:
        return data_folder() / "hall.db"
    if database_url.startswith("sqlite:///"):
        return Path(database_url.removeprefix("sqlite:///"))
    raise SettingsError(f"hub.database_url: {database_url!r} is not supported; write sqlite:///path/to/hall.db")

"""`database_url`: which database a hall keeps its data in."""

from pathlib import Path

from hub.settings import Settings, SettingsError, data_folder
from hub.store.connection import Database
from hub.store.sqlite import SqliteFile

_POSTGRESQL = ("postgresql://", "postgres://")


def is_postgresql(database_url: str) -> bool:
    """Whether several hub processes can share it."""
    return database_url.startswith(_POSTGRESQL)


def database_path(database_url: str) -> Path:
    """The SQLite file of a `database_url`; empty means the user's data folder. Raises SettingsError for others."""
    if not database_url:
        return data_folder() / "hall.db"
    if database_url.startswith("sqlite:///"):
        return Path(database_url.removeprefix("sqlite:///"))
    # only its beginning: the rest may hold a password
    raise SettingsError(
        f"hub.database_url: {database_url.partition(':')[0]!r} is not supported;"
        " write sqlite:///path/to/hall.db or postgresql://user:password@host/database"
    )


def open_database(url: str | Path) -> Database:
    """The database of a `database_url`, or of a SQLite file. Raises SettingsError."""
    if isinstance(url, Path):
        return SqliteFile(url)
    if not is_postgresql(url):
        return SqliteFile(database_path(url))
    from hub.store.postgresql import PostgresServer  # 60 ms that a hall on SQLite need not wait for

    return PostgresServer(url)


def database_place(url: str) -> str:
    """How the database of a `database_url` is named to people: without its password. Raises SettingsError."""
    return open_database(url).place


def logs_folder(settings: Settings) -> Path:
    """Where the hub keeps its logs: as configured, else `logs` beside its database."""
    return Path(settings.logs.folder) if settings.logs.folder else database_folder(settings.hub.database_url) / "logs"


def database_folder(url: str) -> Path:
    """The folder whose disk a hall on this machine fills."""
    return data_folder() if is_postgresql(url) else database_path(url).parent

"""Schema versions. `upgrade` brings any database to the newest one; nothing else makes tables."""

from pathlib import Path

from sqlalchemy import Engine, inspect

HERE = Path(__file__).parent


def upgrade(engine: Engine, to: str | None = None) -> None:
    """Apply what is missing, up to version `to` (the newest). Running it twice changes nothing."""
    if _version(engine) != (to or _newest()):
        _upgrade(engine, to or "head")


def _newest() -> str:
    """Every version is a file that begins with its number."""
    return max(path.name.partition("_")[0] for path in (HERE / "versions").glob("[0-9]*.py"))


def _version(engine: Engine) -> str | None:
    """The database's own; None before the first."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def _upgrade(engine: Engine, to: str = "head") -> None:
    # imported here: a tenth of the hub's memory and of its start, and needed once for each release
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # hub processes that start together: one makes the schema, the others wait and find it made
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('hall schema'))")
        config.attributes["connection"] = connection
        command.upgrade(config, to)

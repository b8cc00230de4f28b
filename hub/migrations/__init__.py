"""Schema versions. `upgrade` brings any database to the newest one; nothing else makes tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

HERE = Path(__file__).parent


def upgrade(engine: Engine) -> None:
    """Apply what is missing. Running it twice changes nothing."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # hub processes that start together: one makes the schema, the others wait and find it made
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('hall schema'))")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

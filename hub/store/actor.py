"""Who acts on the hall."""

from dataclasses import dataclass

from hub.wire import Role


@dataclass(frozen=True)
class Who:
    """Who acts: a person or a station. `counter` binds clerks and counter programs to one counter."""

    name: str
    role: Role
    counter: str | None = None


SYSTEM = Who("hall", "administrator")

"""What every section of the settings has in common, and checks that several of them need. Pure."""

from ipaddress import ip_network

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A table of `hall.toml`: never changed afterwards, unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def network(address: str) -> str:
    try:
        ip_network(address)
    except ValueError as error:
        raise ValueError(f"{address!r} is no address; write for example '192.168.1.9' or '10.0.0.0/8'") from error
    return address


def unique(table: str, codes: list[str]) -> set[str]:
    for code in codes:
        if codes.count(code) > 1:
            raise ValueError(f"[[{table}]] {code} stands twice")
    return set(codes)

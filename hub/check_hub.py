"""`hall check` of a running hub."""

import httpx

from hub import tls
from hub.check_result import Result
from hub.link.trust import pinned_context
from hub.settings import Settings, SettingsError


def place(settings: Settings) -> str:
    return settings.station.hub_url or f"{tls.scheme(settings)}://{settings.hub.host}:{settings.hub.port}"


def ask(settings: Settings) -> httpx.Response:
    """What the hub says of itself. Raises httpx.HTTPError, SettingsError."""
    certificate = None if settings.station.hub_url else tls.served_certificate(settings)
    verify = pinned_context(certificate) if certificate else True
    return httpx.get(f"{place(settings)}/readyz", timeout=3, trust_env=False, verify=verify)


def hub(settings: Settings, chinese: bool) -> Result:
    """It answers, and can store what happens."""
    name, url = "大厅服务" if chinese else "hub", place(settings)
    try:
        answer = ask(settings)
    except (httpx.HTTPError, SettingsError) as error:
        return Result(
            name, 1, f"{url}: {error} ({'未启动？运行 hall hub' if chinese else 'not started? run hall hub'})"
        )
    return Result(name, 0 if answer.is_success else 2, f"{url}: HTTP {answer.status_code}")

"""The hub's certificate: made once for its owner only, pinned whatever the clock says, refused when it is another."""

import asyncio
import ssl
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from hub import tls
from hub.certificates import certificate_in, fingerprint, in_groups, plain
from hub.check import _tls
from hub.link.trust import Untrusted, pinned_context, trust
from hub.settings import Settings, SettingsError, settings_from

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def settings(folder: Path, **hub: str) -> Settings:
    return settings_from({"hub": {"database_url": f"sqlite:///{folder / 'hall.db'}", **hub}}, origin="test")


@asynccontextmanager
async def served(folder: Path, pem: str) -> AsyncIterator[str]:
    """Something that speaks TLS with this certificate and no more."""
    (folder / "served.pem").write_text(pem, encoding="utf-8")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "served.pem")
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def a_certificate(at: datetime = NOW) -> str:
    return tls.make_certificate(["hall"], ["127.0.0.1"], at)


@pytest.mark.parametrize(
    ("hub", "mode"),
    [
        ({}, "off"),
        ({"tls_certificate": "a.pem"}, "files"),
        ({"tls": "off", "tls_certificate": "a.pem"}, "off"),
        ({"tls": "own"}, "own"),
    ],
)
def test_files_that_are_named_are_used_unless_told_otherwise(tmp_path: Path, hub: dict[str, str], mode: str) -> None:
    assert tls.mode(settings(tmp_path, **hub)) == mode
    assert tls.scheme(settings(tmp_path, **hub)) == ("http" if mode == "off" else "https")


def test_files_without_a_name_are_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="needs tls_certificate"):
        settings(tmp_path, tls="files")


def test_the_own_certificate_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    told = settings(tmp_path, tls="own", public_url="https://hall.example.cn:8443")
    assert tls.served_certificate(told) is None
    first = tls.uvicorn_options(told)
    path = Path(first["ssl_certfile"])
    made = path.read_bytes()
    assert tls.uvicorn_options(told) == first
    assert path.read_bytes() == made
    certificate = tls.served_certificate(told)
    assert certificate
    assert "PRIVATE KEY" not in certificate
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        path.chmod(0o644)
        with pytest.raises(SettingsError, match="chmod 600"):
            tls.uvicorn_options(told)


def test_browsers_may_call_the_hub_by_its_names_and_addresses(tmp_path: Path) -> None:
    told = settings(tmp_path, tls="own", public_url="https://hall.example.cn:8443", host="10.1.2.3")
    tls.uvicorn_options(told)
    pem = tls.served_certificate(told)
    assert pem
    certificate = x509.load_pem_x509_certificate(pem.encode())
    named = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {"localhost", "hall.example.cn"} <= set(named.get_values_for_type(x509.DNSName))
    addresses = {str(address) for address in named.get_values_for_type(x509.IPAddress)}
    assert {"127.0.0.1", "::1", "10.1.2.3"} <= addresses


@pytest.mark.parametrize("text", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nzz\n-----END CERTIFICATE-----\n"])
def test_a_damaged_file_is_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.pem").write_text(text, encoding="utf-8")
    told = settings(tmp_path, tls_certificate=str(tmp_path / "bad.pem"))
    for look in (tls.uvicorn_options, tls.shown_fingerprint):
        with pytest.raises(SettingsError, match="cannot be used"):
            look(told)


def test_a_certificate_without_its_key_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "half.pem").write_text(certificate_in(a_certificate()), encoding="utf-8")
    with pytest.raises(SettingsError, match="cannot be used"):
        tls.uvicorn_options(settings(tmp_path, tls_certificate=str(tmp_path / "half.pem")))


@pytest.mark.parametrize("years", [-30, 0, 30])
async def test_a_pinned_certificate_is_known_whatever_the_clock_says(tmp_path: Path, years: int) -> None:
    pem = a_certificate(datetime.now(UTC) + timedelta(days=365 * years))
    async with served(tmp_path, pem) as url:
        trusted = await trust(url, certificate=certificate_in(pem))
        assert trusted.shown == in_groups(fingerprint(certificate_in(pem)))


async def test_another_certificate_of_the_same_name_is_refused(tmp_path: Path) -> None:
    pem, other = a_certificate(), a_certificate()
    async with served(tmp_path, other) as url:
        with pytest.raises(Untrusted, match="another certificate than at pairing"):
            await trust(url, certificate=certificate_in(pem))
        host, port = url.removeprefix("https://").split(":")
        with pytest.raises(ssl.SSLCertVerificationError):
            await asyncio.open_connection(host, int(port), ssl=pinned_context(certificate_in(pem)))


async def test_an_unknown_certificate_is_taken_at_the_first_contact_only(tmp_path: Path) -> None:
    pem = a_certificate()
    async with served(tmp_path, pem) as url:
        assert (await trust(url, first=True)).certificate == certificate_in(pem)
        with pytest.raises(Untrusted, match="hub_fingerprint"):
            await trust(url)
        assert (await trust(url, wanted=fingerprint(certificate_in(pem)))).certificate == certificate_in(pem)
        with pytest.raises(Untrusted):
            await trust(url, wanted="00" * 32)


@pytest.mark.parametrize("told", [{"certificate": "x"}, {"wanted": "x"}, {"secure": True}])
async def test_nobody_goes_back_from_tls_to_plain_http(told: dict[str, object]) -> None:
    with pytest.raises(Untrusted, match="plain http"):
        await trust("http://127.0.0.1:1", **told)  # type: ignore[arg-type]


@given(st.binary(min_size=32, max_size=32))
def test_a_fingerprint_is_read_however_it_is_written(digest: bytes) -> None:
    whole = digest.hex()
    colons = ":".join(whole[at : at + 2].upper() for at in range(0, 64, 2))
    assert plain(colons) == plain(f" {whole} \n") == whole
    assert plain(in_groups(whole)) == whole[:32]


@pytest.mark.parametrize(
    ("hub", "age_days", "severity"),
    [
        ({"host": "127.0.0.1"}, 0, 0),
        ({"host": "0.0.0.0"}, 0, 1),
        ({"host": "0.0.0.0", "tls": "own"}, 0, 0),
        ({"host": "0.0.0.0", "tls": "own"}, tls.VALID_DAYS - 30, 1),
    ],
)
def test_check_warns_of_clear_text_and_of_certificates_that_end(
    tmp_path: Path, hub: dict[str, str], age_days: int, severity: int
) -> None:
    told = settings(tmp_path, **hub)
    tls.own_path(told).write_text(a_certificate(datetime.now(UTC) - timedelta(days=age_days)), encoding="utf-8")
    assert [_tls(told, chinese).severity for chinese in (True, False)] == [severity, severity]

"""The hub's certificate: the hall's files, or one that the hub makes for itself and that stations pin at pairing.

The own one is a single PEM file with its key, beside the secret file, mode 600. Several hub machines of one hall need
the same file, as they need the same secret file.
"""

import ipaddress
import socket
import ssl
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from hub.certificates import certificate_in, fingerprint, in_groups
from hub.clock import utcnow
from hub.keys import secret_path
from hub.private_files import create_once, others_may_read
from hub.settings import Settings, SettingsError

#: A station pins the certificate and does not look at its dates; browsers do. Ten years, as long as a hall's hardware.
VALID_DAYS = 3650
#: A computer of the hall whose clock is behind may still meet it.
BACKDATED_DAYS = 2
WARN_DAYS = 60


class CertificateUnusable(SettingsError):
    """The certificate or its key cannot be read, or does not fit."""


def mode(settings: Settings) -> Literal["off", "own", "files"]:
    """Files that are named are used, unless `tls` says otherwise."""
    if settings.hub.tls:
        return settings.hub.tls
    return "files" if settings.hub.tls_certificate else "off"


def scheme(settings: Settings) -> Literal["http", "https"]:
    return "http" if mode(settings) == "off" else "https"


def own_path(settings: Settings) -> Path:
    return secret_path(settings).with_name("hall.tls.pem")


def uvicorn_options(settings: Settings) -> dict[str, Any]:
    """What uvicorn needs; the own certificate is made if there is none. Raises CertificateUnusable."""
    chosen = mode(settings)
    if chosen == "off":
        return {}
    certificate, key = Path(settings.hub.tls_certificate), settings.hub.tls_key or None
    if chosen == "own":
        certificate, key = own_path(settings), None
        _make_once(certificate, settings)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except OSError as error:
        raise _unreadable(certificate, error) from error
    return {"ssl_certfile": str(certificate), "ssl_keyfile": key}


def _make_once(path: Path, settings: Settings) -> None:
    try:
        if not path.exists():
            create_once(path, make_certificate(_names(settings), _addresses(settings), utcnow()))
        if others_may_read(path):
            raise CertificateUnusable(
                f"{path}: others on this machine may read the certificate's key; run: chmod 600 {path}"
                f" / 其他用户可以读取证书私钥，请执行：chmod 600 {path}"
            )
    except OSError as error:
        raise _unreadable(path, error) from error


def served_certificate(settings: Settings) -> str | None:
    """The certificate (PEM) that the hub of these settings shows; None without TLS, or before the first start.

    Raises CertificateUnusable.
    """
    chosen = mode(settings)
    if chosen == "off" or (chosen == "own" and not own_path(settings).exists()):
        return None
    return _certificate(own_path(settings) if chosen == "own" else Path(settings.hub.tls_certificate))


def shown_fingerprint(settings: Settings) -> str | None:
    """For people, who compare it with what a new station shows. Raises CertificateUnusable."""
    certificate = served_certificate(settings)
    return in_groups(fingerprint(certificate)) if certificate else None


def days_left(certificate: str, now: datetime) -> int:
    """Until browsers refuse it."""
    from cryptography import x509

    return (x509.load_pem_x509_certificate(certificate.encode()).not_valid_after_utc - now).days


def make_certificate(names: Iterable[str], addresses: Iterable[str], now: datetime) -> str:
    """Key (EC P-256) and self-signed certificate as PEM; `names` and `addresses` are what browsers may call it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Hall hub")])
    alternatives: list[x509.GeneralName] = [x509.DNSName(name) for name in sorted(set(names))]
    alternatives += [x509.IPAddress(ipaddress.ip_address(address)) for address in sorted(set(addresses))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(whose)
        .issuer_name(whose)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=BACKDATED_DAYS))
        .not_valid_after(now + timedelta(days=VALID_DAYS))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return secret.decode() + certificate.public_bytes(serialization.Encoding.PEM).decode()


def _names(settings: Settings) -> list[str]:
    """What this machine is called, as far as it can be a host name."""
    host = socket.gethostname().split(".")[0]
    named = [host, f"{host}.local", "localhost", urlsplit(settings.hub.public_url).hostname, settings.hub.host]
    return [name for name in named if name and name.isascii() and not _is_address(name)]


def _addresses(settings: Settings) -> list[str]:
    """This machine's addresses, and the ones that the settings name."""
    from hub.announce import addresses

    named = [urlsplit(settings.hub.public_url).hostname or "", settings.hub.host]
    return ["127.0.0.1", "::1", *addresses(), *(name for name in named if _is_address(name))]


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _certificate(path: Path) -> str:
    try:
        certificate = certificate_in(path.read_text(encoding="utf-8"))
        fingerprint(certificate)  # it can be decoded
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    return certificate


def _unreadable(path: Path, error: Exception) -> CertificateUnusable:
    return CertificateUnusable(
        f"{path}: the certificate cannot be used: {error}; see [hub] tls, tls_certificate, tls_key"
        f" / 证书无法使用，请检查 [hub] tls、tls_certificate、tls_key"
    )

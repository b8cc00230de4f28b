"""Whether the hub is the hub: ordinary certificates are verified, the hall's own one is pinned at pairing."""

import asyncio
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from hub.certificates import fingerprint, in_groups, plain

HANDSHAKE_S = 5.0
#: X509_V_FLAG_NO_CHECK_TIME of OpenSSL: a kiosk whose clock battery is empty still knows the certificate it pinned.
NO_CHECK_TIME = 0x200000


class Untrusted(ConnectionError):
    """The hub's certificate is not the one that this station trusts. Nothing secret was sent."""


@dataclass(frozen=True)
class Trust:
    """How to connect. `context` is None over plain HTTP; `certificate` is the pinned one, if one is."""

    context: ssl.SSLContext | None = None
    certificate: str = ""

    @property
    def shown(self) -> str:
        """For people to compare; empty when nothing is pinned."""
        return in_groups(fingerprint(self.certificate)) if self.certificate else ""


async def trust(
    url: str, *, certificate: str = "", wanted: str = "", secure: bool = False, first: bool = False
) -> Trust:
    """What to trust at this address.

    `certificate` (PEM) was pinned before; `wanted` is a fingerprint from the settings; `secure` refuses plain HTTP.
    At the `first` contact an unknown certificate is taken as it is, for people to compare. Raises Untrusted, OSError.
    """
    parts = urlsplit(url)
    if parts.scheme != "https":
        if certificate or wanted or secure:
            raise Untrusted(f"{url}: this station trusts its hub over https only, and this one speaks plain http")
        return Trust()
    host, port = parts.hostname or "", parts.port or 443
    if certificate:
        return await _pinned(host, port, certificate)
    if wanted:
        seen = await _seen(host, port)
        if fingerprint(seen) != plain(wanted):
            raise Untrusted(
                f"{url}: the hub shows the certificate {fingerprint(seen)}, [station] hub_fingerprint names another"
            )
        return await _pinned(host, port, seen)
    context = ssl.create_default_context()
    try:
        await _shake_hands(host, port, context)
    except ssl.SSLCertVerificationError as error:
        seen = await _seen(host, port)
        if first:
            return await _pinned(host, port, seen)
        raise Untrusted(
            f"{url}: {error.verify_message}; if the hub's certificate is the hall's own, write [station]"
            f' hub_fingerprint = "{fingerprint(seen)}" after comparing it with `hall check` on the hub'
        ) from error
    return Trust(context)


def pinned_context(certificate: str) -> ssl.SSLContext:
    """Accepts exactly this certificate, whatever name it stands for and whatever the clock says."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=certificate)
    context.verify_flags = ssl.VerifyFlags(context.verify_flags | ssl.VERIFY_X509_PARTIAL_CHAIN | NO_CHECK_TIME)
    return context


async def _pinned(host: str, port: int, certificate: str) -> Trust:
    context = pinned_context(certificate)
    try:
        await _shake_hands(host, port, context)
    except ssl.SSLCertVerificationError as error:
        raise Untrusted(f"{host}:{port}: the hub shows another certificate than at pairing") from error
    return Trust(context, certificate)


async def _seen(host: str, port: int) -> str:
    """The certificate that is shown there, unverified: to be compared, not to be trusted."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return ssl.DER_cert_to_PEM_cert(await _shake_hands(host, port, context))


async def _shake_hands(host: str, port: int, context: ssl.SSLContext) -> bytes:
    """The peer's certificate in DER; nothing else is said."""
    async with asyncio.timeout(HANDSHAKE_S):
        _, writer = await asyncio.open_connection(host, port, ssl=context)
    try:
        peer = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        assert isinstance(peer, bytes)  # a server always shows one
        return peer
    finally:
        writer.close()

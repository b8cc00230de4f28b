"""The hub's step that tells the webhook what the pages were told; what it does not take is told again later.

To the configured address only: no proxy, no redirect. The signature is HMAC-SHA-256 with [alerts] webhook_secret over
`timestamp.body`.
"""

import hashlib
import hmac
import ssl
from dataclasses import dataclass, field

import httpx

from hub.clock import micros
from hub.devices import alerts
from hub.edges import Hub
from hub.store import SYSTEM
from hub.troubles import Trouble

WEBHOOK = "webhook"
ANSWER_S = 5.0


def signature(secret: str, timestamp: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


@dataclass
class Webhook:
    """Every second, one letter after the other; the certificate of an https address is checked by this computer."""

    hub: Hub
    transport: httpx.AsyncBaseTransport | None = None
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    async def __call__(self) -> None:
        while self.hub.settings.alerts.webhook_url:
            if not await self.hub.store.read(alerts.due_letter):
                return
            letter = await self.hub.store.write(alerts.next_letter, SYSTEM, None)
            if letter is None:
                return
            await self._deliver(*letter)

    async def _deliver(self, id_: str, body: str) -> None:
        why = await self._refused(id_, body.encode())
        if not why:
            await self.hub.store.write(alerts.delivered, SYSTEM, None, id_)
            self.hub.troubles.clear(WEBHOOK)
            return
        settings = self.hub.settings.alerts
        lost = await self.hub.store.write(alerts.not_delivered, SYSTEM, None, id_, settings.webhook_tries)
        self._tell(why, lost)

    async def _refused(self, id_: str, body: bytes) -> str:
        """Why it was not taken; empty when it was."""
        settings = self.hub.settings.alerts
        timestamp = str(micros(self.hub.store.now()) // 1_000_000)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-Hall-Delivery": id_,
            "X-Hall-Timestamp": timestamp,
            "X-Hall-Signature": signature(settings.webhook_secret, timestamp, body),
        }
        try:
            async with httpx.AsyncClient(
                trust_env=False, verify=self.trust, timeout=ANSWER_S, transport=self.transport
            ) as client:
                answer = await client.post(settings.webhook_url, content=body, headers=headers)
        except httpx.HTTPError as error:
            return type(error).__name__
        return "" if answer.is_success else f"HTTP {answer.status_code}"

    def _tell(self, why: str, lost: bool) -> None:
        zh = "一条告警已放弃发送" if lost else "稍后重试"
        en = "one alert was given up" if lost else "it is tried again"
        self.hub.troubles.tell(
            Trouble(
                WEBHOOK,
                zh=f"告警推送地址没有收下（{why}），{zh}，请检查 [alerts] webhook_url。",
                en=f"The webhook does not take alerts ({why}), {en}; check [alerts] webhook_url.",
                since=self.hub.store.now(),
            )
        )

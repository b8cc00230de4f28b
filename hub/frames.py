"""WebSocket frames as the hub sends them (RFC 6455 section 5.2), built once for all screens. Pure."""

#: FIN and the opcode of a text message.
_TEXT = 0x81


def text_frame(payload: bytes) -> bytes:
    """A whole text message, unmasked as a server's must be; `payload` is UTF-8."""
    size = len(payload)
    if size < 126:
        return bytes((_TEXT, size)) + payload
    if size < 1 << 16:
        return bytes((_TEXT, 126)) + size.to_bytes(2, "big") + payload
    return bytes((_TEXT, 127)) + size.to_bytes(8, "big") + payload

"""The letters of one byte that printers have, by the n of ESC t (Epson's table)."""

from __future__ import annotations

CODEPAGES = {
    0: "cp437", 1: "katakana", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 16: "cp1252", 17: "cp866", 18: "cp852",
    19: "cp858",
}  # fmt: skip

DRAWING = "▁▂▃▄▅▆▇█▏▎▍▌▋▊▉┼┴┬┤├▔─│▕┌┐└┘╭╮╰╯"
"""Page 1 from 80h on: receiptline draws its rules with these."""


def letter(byte: int, page: str) -> str:
    if page != "katakana":
        return bytes((byte,)).decode(page, "replace")
    if 0x80 <= byte < 0x80 + len(DRAWING):
        return DRAWING[byte - 0x80]
    return bytes((byte,)).decode("shift_jis", "replace") if byte < 0xE0 else "\ufffd"

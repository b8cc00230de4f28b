"""QR and bar codes as a printer draws them: modules of whole dots."""

from __future__ import annotations

import barcode  # type: ignore[import-untyped]
import segno
from PIL import Image

QUIET_MODULES = 4


def qr_picture(data: bytes, level: str, module_dots: int) -> Image.Image:
    """With its quiet zone: printers leave it, and readers need it."""
    code = segno.make_qr(data, error=level, boost_error=False)
    rows = [bytes(0 if dark else 255 for dark in row) for row in code.matrix_iter(border=QUIET_MODULES)]
    small = Image.frombytes("L", (len(rows[0]), len(rows)), b"".join(rows))
    return small.resize((small.width * module_dots, small.height * module_dots), Image.Resampling.NEAREST)


def barcode_picture(words: str, module_dots: int, height: int) -> Image.Image:
    """CODE128 whatever symbology was asked for: the twin shows that a code is there and what it says."""
    bars: str = barcode.get("code128", words).build()[0]
    small = Image.frombytes("L", (len(bars), 1), bytes(0 if bar == "1" else 255 for bar in bars))
    return small.resize((small.width * module_dots, max(1, height)), Image.Resampling.NEAREST)

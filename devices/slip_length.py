"""How much paper a slip takes, counted from what stands on it. Pure."""

from __future__ import annotations

from devices.escpos_frames import HALF_LINE_DOTS, LINE_DOTS, line_dots, printed_lines
from devices.printer_profile import Profile
from devices.slip import QR_CAPACITY_M, Paper, QrCode, Rule, Slip, SlipItem, Space, TextLine

DOTS_A_MM = 8
"""203 dpi."""
QR_QUIET_MODULES = 8
"""Four on either side; printers leave them, and some leave less."""


def slip_mm(slip: Slip, profile: Profile) -> float:
    """With the white paper between head and blade, which every slip takes along."""
    paper = profile.paper(slip.paper_mm)
    dots = sum(_item_dots(item, paper, profile) for item in slip.items)
    return dots / DOTS_A_MM + profile.roll.cutter_mm


def _item_dots(item: SlipItem, paper: Paper, profile: Profile) -> int:
    match item:
        case TextLine():
            return sum(line_dots(line.size) for line in printed_lines(item, paper, profile))
        case QrCode():
            return _qr_modules(item.data) * item.module_dots
        case Rule():
            return LINE_DOTS
        case Space():
            return item.lines * HALF_LINE_DOTS


def _qr_modules(data: str) -> int:
    size = len(data.encode())
    version = next((at for at, most in enumerate(QR_CAPACITY_M, 1) if size <= most), 40)
    return 17 + 4 * version + QR_QUIET_MODULES

"""The Chinese font that is installed with us; nothing is looked for on the system or the net.

Pillow draws it with its basic layout everywhere: Chinese needs no shaping, and raqm, which some builds have and others
lack, breaks down on characters that a line of bytes may hold.
"""

from __future__ import annotations

from pathlib import Path

from pylopdf_fonts_zh_cn import sans_path


def chinese_font() -> Path:
    """NotoSansSC-Regular.otf (OFL-1.1): a single Simplified Chinese face, unlike a .ttc whose face 0 is Japanese."""
    return Path(sans_path())

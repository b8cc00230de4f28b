"""The Chinese font that is installed with us; nothing is looked for on the system or the net."""

from __future__ import annotations

from pathlib import Path

from pylopdf_fonts_zh_cn import sans_path


def chinese_font() -> Path:
    """NotoSansSC-Regular.otf (OFL-1.1): a single Simplified Chinese face, unlike a .ttc whose face 0 is Japanese."""
    return Path(sans_path())

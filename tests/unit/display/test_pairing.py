"""The pairing screen: everything readable at every size, the code by far the largest."""

import os
from itertools import pairwise

import pytest

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

import pygame

from devices.fonts import chinese_font
from display.boxes import Box
from display.draw import Painter, Typeface
from display.pairing import Code, pairing_panels
from display.theme import AMBER, INK, INK_SOFT, PANEL, contrast
from display.view import Moment, view

pygame.font.init()
FACE = Typeface(chinese_font())
FINGERPRINT = "3F0A 77C2 91B4 0D5E A8E6 4C31 F27B 6690"
SIZES = [(1920, 1080), (1080, 1920), (1366, 768), (1280, 1024), (3840, 2160)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("languages", [("zh",), ("en",), ("zh", "en")])
@pytest.mark.parametrize("fingerprint", ["", FINGERPRINT])
def test_the_code_and_what_to_do_are_whole_and_apart(
    size: tuple[int, int], languages: tuple[str, ...], fingerprint: str
) -> None:
    painter = Painter(pygame.Surface(size), FACE)
    painter.paint(pairing_panels(Code("K7QM-3XRD", "hall-server.local:8443", fingerprint), size, languages))
    texts = {text.name: text for text in painter.texts}
    assert texts["pairing.code"].text == "K7QM-3XRD"
    assert "hall pair K7QM-3XRD" in texts["pairing.command"].text
    assert not [text.text for text in painter.texts if "…" in text.text]
    shown = "  ".join(text.text for name, text in texts.items() if "fingerprint" in name)
    assert shown.split() == fingerprint.split()
    glass = Box(0, 0, *size)
    assert all(glass.contains(text.box) for text in painter.texts)
    assert not [(one.text, other.text) for one, other in pairwise(painter.texts) if one.box.touches(other.box)]
    others = max(text.box.height for name, text in texts.items() if name != "pairing.code")
    assert texts["pairing.code"].box.height > 1.4 * others


def test_everything_on_it_has_seven_to_one_contrast() -> None:
    assert min(contrast(ink, PANEL) for ink in (AMBER, INK, INK_SOFT)) >= 7


def test_a_hub_that_cannot_be_trusted_is_said_with_what_to_do() -> None:
    seen = view({}, Moment(None, "untrusted"), (), ("zh", "en"))
    assert seen.sign
    assert seen.sign.title.startswith("不能确认服务端身份")
    assert "--pair-again" in seen.sign.detail

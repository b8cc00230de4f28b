"""Every screen in every size and both languages: what a designer would check by eye, checked by rule."""

import itertools
from functools import cache
from typing import get_args

import pygame
import pytest
import zxingcpp
from PIL import Image

from hub.wire import Language
from kiosk.box import Box
from kiosk.draw import draw, picture
from kiosk.lettering import Style, set_text
from kiosk.sheet import TOUCH_AT_1080, TOUCH_AT_LEAST, Sheet
from kiosk.theme import FILLS, GROUND, GROUND_LOW, INKS, MARKS, Ink, Look, contrast
from tests.unit.kiosk.scenes import LONG, SIZES, a_sheet, a_state, scenes, the_face

LANGUAGES: tuple[Language, ...] = ("zh", "en")
EVERY_GLASS = pytest.mark.parametrize(
    ("size", "language"), [(size, language) for size in SIZES for language in LANGUAGES]
)


@cache
def sheets(size: tuple[int, int], language: Language) -> dict[str, Sheet]:
    return {name: a_sheet(state, size) for name, state in scenes(language).items()}


@EVERY_GLASS
def test_everything_stands_on_the_screen(size: tuple[int, int], language: Language) -> None:
    glass = Box(0, 0, *size)
    for scene, sheet in sheets(size, language).items():
        assert [item.name for item in sheet.items if not glass.contains(item.box)] == [], scene


@EVERY_GLASS
def test_every_text_stands_whole_inside_its_box(size: tuple[int, int], language: Language) -> None:
    for scene, sheet in sheets(size, language).items():
        for item in sheet.items:
            assert [line.text for line in item.lines if not item.box.contains(line.box)] == [], scene
            assert [line.text for line in item.lines if line.text.endswith("…")] == [], scene


@EVERY_GLASS
def test_what_can_be_touched_is_large_and_nothing_overlaps(size: tuple[int, int], language: Language) -> None:
    least = TOUCH_AT_1080 if min(size) >= 1080 else TOUCH_AT_LEAST
    for scene, sheet in sheets(size, language).items():
        fingers = [item for item in sheet.items if item.touchable]
        assert [item.name for item in fingers if min(item.box.height, item.box.width) < least] == [], scene
        pairs = itertools.combinations(fingers, 2)
        assert [(one.name, other.name) for one, other in pairs if one.box.meets(other.box)] == [], scene


@EVERY_GLASS
def test_texts_do_not_run_into_each_other(size: tuple[int, int], language: Language) -> None:
    for scene, sheet in sheets(size, language).items():
        lines = [line for item in sheet.items for line in item.lines if line.text]
        pairs = itertools.combinations(lines, 2)
        assert [(one.text, other.text) for one, other in pairs if one.box.meets(other.box)] == [], scene


@EVERY_GLASS
def test_every_ink_can_be_read_on_its_ground(size: tuple[int, int], language: Language) -> None:
    for scene, sheet in sheets(size, language).items():
        for item in sheet.items:
            for line in item.lines:
                large = line.size >= 32
                worst = min(contrast(INKS[line.ink], ground) for ground in _grounds(sheet, line.box))
                assert worst >= (3.0 if large else 4.5), (scene, item.name, line.text)


def _grounds(sheet: Sheet, box: Box) -> list[tuple[int, int, int]]:
    """The fill of the top-most item under a box; the header shades from its own colour to the brand's."""
    for item in reversed(sheet.items):
        if item.look in FILLS and item.box.contains(box):
            return [FILLS[item.look], INKS["brand"]] if item.look == "header" else [FILLS[item.look]]
    return [GROUND, GROUND_LOW]


def test_marks_stand_out_from_the_panel() -> None:
    assert [look for look, colour in MARKS.items() if contrast(colour, FILLS["panel"]) < 3] == []


def test_every_look_and_ink_has_its_colour() -> None:
    assert set(INKS) == set(get_args(Ink))
    assert set(FILLS) | set(MARKS) <= set(get_args(Look))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["ticket_printing", "ticket_not_printed", "ticket_unknown", "ticket_none"])
def test_the_number_is_by_far_the_largest_and_its_qr_can_be_scanned(name: str, size: tuple[int, int]) -> None:
    state = scenes("zh")[name]
    sheet = a_sheet(state, size)
    sizes = {item.name: max((line.size for line in item.lines), default=0) for item in sheet.items}
    others = max(height for item, height in sizes.items() if item not in ("number", "clock"))
    assert sizes["number"] >= 1.7 * others
    surface = pygame.Surface(size)
    draw(surface, sheet, the_face())
    image = Image.frombytes("RGB", size, pygame.image.tobytes(surface, "RGB"))
    assert [code.text for code in zxingcpp.read_barcodes(image)] == ["http://hall.example:8000/t/3vQp8sLxk2mZr5Ty"]


def test_what_is_drawn_lies_where_the_layout_says() -> None:
    """Ink of the number inside its box, bare ground in the corner of the page."""
    size = (1080, 1920)
    sheet = a_sheet(scenes("zh")["ticket_printed"], size)
    surface = pygame.Surface(size)
    draw(surface, sheet, the_face())
    number = next(item for item in sheet.items if item.name == "number")
    inside = {tuple(surface.get_at((x, number.box.y + number.box.height // 2)))[:3] for x in range(200, 880)}
    assert INKS["brand"] in inside
    assert tuple(surface.get_at((4, 900)))[:3] == GROUND


def test_a_finger_finds_what_it_touches() -> None:
    sheet = a_sheet(a_state())
    card = next(item for item in sheet.items if item.name == "service:C").box
    assert sheet.touched(card.x + 5, card.y + 5) == "service:C"
    assert sheet.touched(card.right - 1, card.bottom - 1) == "service:C"
    assert sheet.touched(card.x - 1, card.y) is None
    assert sheet.touched(540, 80) is None


def test_closed_services_cannot_be_touched() -> None:
    sheet = a_sheet(scenes("zh")["services_tree"])
    assert [item.name for item in sheet.items if item.touchable] == ["service:A", "service:B", "several", "language"]


def test_every_service_is_on_some_page() -> None:
    many = scenes("zh")["services_many"]
    seen = set()
    for size in SIZES:
        for page in range(26):
            state = a_state(hall=many.hall, errand=type(many.errand)(page=page))  # type: ignore[call-arg]
            seen |= {(size, item.name) for item in a_sheet(state, size).items if item.name.startswith("service:")}
    assert len(seen) == 25 * len(SIZES)


def test_the_hall_is_read_from_the_screen_by_name_and_words() -> None:
    targets = {target.name: target.text for target in a_sheet(scenes("zh")["ticket_not_printed"]).targets()}
    assert targets["number"] == "A007"
    assert targets["paper"].startswith("号票没有打印：打印机缺纸")
    assert {"reprint", "done", "qr", "clock", "hall", "language"} <= targets.keys()
    assert "reprint" not in {target.name for target in a_sheet(scenes("zh")["ticket_unknown"]).targets()}


def test_a_picture_is_a_png() -> None:
    surface = pygame.Surface((64, 64))
    assert picture(surface).startswith(b"\x89PNG")


def test_what_has_no_room_even_small_ends_with_an_ellipsis_inside_the_box() -> None:
    box = Box(10, 10, 200, 40)
    lines = set_text(LONG[0], box, Style(30, 24), the_face().width)
    assert lines[-1].text.endswith("…")
    assert all(box.contains(line.box) for line in lines)

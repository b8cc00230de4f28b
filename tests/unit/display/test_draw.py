"""The board as pixels: large enough, clear enough, nothing cut, and only what changed is drawn."""

import os
from dataclasses import replace
from itertools import combinations, pairwise

import pytest

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

import pygame

from devices.fonts import chinese_font
from display.boxes import Box
from display.calls import Call, Showing
from display.draw import Painter, Standing, Typeface
from display.layout import counter_grid, slots
from display.panels import panels
from display.theme import AMBER, CALL_GROUNDS, FLASH_PHASE_S, GROUND, contrast, luminance
from display.view import Moment, View, view
from tests.unit.display.boards import NOON, a_board

SIZES = [(1920, 1080), (1080, 1920), (1366, 768), (3840, 2160)]
THERE = Moment(NOON, "there")


pygame.font.init()
FACE = Typeface(chinese_font())


def a_view(*numbers: str, counters: int = 8, moment: Moment = THERE, languages: tuple[str, ...] = ("zh",)) -> View:
    showing = [Showing(Call((number,), number, str(place + 3), 1), 0.0) for place, number in enumerate(numbers)]
    return view(a_board(counters), moment, showing, languages)


def painted(seen: View, size: tuple[int, int], turn: int = 0) -> Painter:
    painter = Painter(pygame.Surface(size), FACE)
    painter.paint(panels(seen, size, turn))
    return painter


def text_at(painter: Painter, name: str) -> Standing:
    return next(text for text in painter.texts if text.name == name)


def ink_height(surface: pygame.Surface, box: Box, ink: tuple[int, int, int]) -> int:
    """Rows between the first and the last pixel of the ink inside the box."""
    area = surface.subsurface(pygame.Rect(box.x, box.y, box.width, box.height))
    rects = pygame.mask.from_threshold(area, ink, (60, 60, 60, 255)).get_bounding_rects()
    return max(rect.bottom for rect in rects) - min(rect.top for rect in rects)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("numbers", [("H007",), ("H007", "E012"), ("H007", "E012", "F031")])
def test_the_number_of_a_fresh_call_is_fifteen_percent_of_the_screen_high(
    size: tuple[int, int], numbers: tuple[str, ...]
) -> None:
    numbers = numbers[: slots(size, 4)]
    painter = painted(a_view(*numbers), size)
    for place, _ in enumerate(numbers, 1):
        text = text_at(painter, f"call.{place}.number")
        assert ink_height(painter.surface, text.box, (22, 16, 6)) >= 0.15 * size[1]


@pytest.mark.parametrize("phase", [0, 1])
def test_the_number_has_seven_to_one_contrast_in_pixels(phase: int) -> None:
    painter = painted(a_view("A007", moment=replace(THERE, phase=phase)), (1920, 1080))
    box = text_at(painter, "call.1.number").box
    area = painter.surface.subsurface(pygame.Rect(box.x, box.y, box.width, box.height))
    pixels = [tuple(area.get_at((x, y)))[:3] for x in range(0, box.width, 5) for y in range(0, box.height, 5)]
    common = sorted(set(pixels), key=pixels.count)[-2:]
    assert contrast(common[0], common[1]) >= 7  # type: ignore[arg-type]  # three channels each


def lightest_and_darkest(surface: pygame.Surface, box: Box) -> tuple[tuple[int, ...], tuple[int, ...]]:
    area = surface.subsurface(pygame.Rect(box.x, box.y, box.width, box.height).clip(surface.get_rect()))
    pixels = {tuple(area.get_at((x, y)))[:3] for x in range(area.get_width()) for y in range(area.get_height())}
    ordered = sorted(pixels, key=luminance)  # type: ignore[arg-type]  # three channels each
    return ordered[0], ordered[-1]


@pytest.mark.parametrize(
    "moment", [THERE, Moment(NOON, "away", as_of=NOON), Moment(NOON, "there", phase=1)], ids=["there", "away", "phase"]
)
def test_every_text_has_seven_to_one_contrast(moment: Moment) -> None:
    painter = painted(a_view(counters=8, moment=moment), (1366, 768))
    for text in painter.texts:
        darkest, lightest = lightest_and_darkest(painter.surface, text.box)
        assert contrast(darkest, lightest) >= 7, text  # type: ignore[arg-type]  # three channels each


def test_the_flash_is_calm() -> None:
    """No flash in the sense of WCAG 2.3.1, and less than once a second."""
    assert 2 * FLASH_PHASE_S > 1
    assert min(luminance(ground) for ground in CALL_GROUNDS) > 0.5
    assert contrast(*CALL_GROUNDS) < 1.5


SCENES = [
    (),
    ("A007",),
    ("A007", "B012", "C031"),
    ("WW1234",),
]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("numbers", SCENES)
@pytest.mark.parametrize("counters", [1, 16, 30])
@pytest.mark.parametrize("languages", [("zh",), ("zh", "en")])
def test_no_text_leaves_its_panel_and_no_number_is_cut(
    size: tuple[int, int], numbers: tuple[str, ...], counters: int, languages: tuple[str, ...]
) -> None:
    if size == (3840, 2160) and counters != 30:
        return
    numbers = numbers[: slots(size, max(map(len, numbers), default=4))]
    laid = panels(a_view(*numbers, counters=counters, languages=languages), size, 0)
    painter = Painter(pygame.Surface(size), FACE)
    painter.paint(laid)
    boxes = [panel.box for panel in laid]
    for text in painter.texts:
        assert any(box.contains(text.box) for box in boxes), text
        if text.name.endswith((".number", ".place")):
            assert "…" not in text.text
    assert all(Box(0, 0, *size).contains(box) for box in boxes)
    assert not any(one.touches(other) for one, other in combinations(boxes, 2))
    assert [(a, b) for a, b in combinations(painter.texts, 2) if a.box.touches(b.box)] == []


@pytest.mark.parametrize("size", SIZES[:3])
@pytest.mark.parametrize("count", [1, 16, 30])
def test_all_counters_are_seen_on_some_page(size: tuple[int, int], count: int) -> None:
    seen: set[str] = set()
    for turn in range(3):
        painter = painted(a_view(counters=count), size, turn)
        seen |= {text.name.split(".")[1] for text in painter.texts if text.name.startswith("counter.")}
    assert len(seen) == count


def test_more_counters_than_fit_come_on_pages_of_readable_numbers() -> None:
    assert counter_grid(Box(0, 0, 1000, 400), 8, 4, 1.0).pages == 1
    assert counter_grid(Box(0, 0, 1000, 400), 60, 4, 1.0).pages > 1
    assert counter_grid(Box(0, 0, 1000, 400), 60, 4, 1.0).number >= 44


def test_long_numbers_get_fewer_slots_not_smaller_type() -> None:
    assert [slots((1920, 1080), length) for length in (4, 5, 6, 12)] == [3, 2, 2, 1]


def test_only_what_differs_is_drawn_again() -> None:
    painter = Painter(pygame.Surface((1920, 1080)), FACE)
    before = a_view()
    painter.paint(panels(before, (1920, 1080), 0))
    assert painter.paint(panels(before, (1920, 1080), 0)) == []
    later = a_view(moment=replace(THERE, hall_now=NOON.replace(minute=1)))
    (changed,) = painter.paint(panels(later, (1920, 1080), 0))
    assert changed.height < 120


def test_redrawing_the_differences_gives_the_same_picture_as_drawing_it_all() -> None:
    size = (1366, 768)
    scenes = [
        a_view(),
        a_view("A007"),
        a_view("A007", "B012"),
        a_view(moment=Moment(NOON, "away", as_of=NOON)),
        a_view(counters=30),
        view(a_board(4, closed=True), THERE, (), ("zh",)),
        view({}, Moment(None, "connecting"), (), ("zh",)),
        a_view("A007", "B012"),
    ]
    painter = Painter(pygame.Surface(size), FACE)
    for _, scene in pairwise([scenes[-1], *scenes]):
        painter.paint(panels(scene, size, 0))
        assert pygame.image.tobytes(painter.surface, "RGB") == pygame.image.tobytes(painted(scene, size).surface, "RGB")


def test_a_resting_call_differs_from_a_fresh_one_not_by_colour_alone() -> None:
    resting, fresh = painted(a_view(), (1920, 1080)), painted(a_view("A007"), (1920, 1080))
    assert text_at(resting, "call.1.caption").text != text_at(fresh, "call.1.caption").text
    assert contrast(AMBER, GROUND) >= 7

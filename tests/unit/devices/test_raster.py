from typing import Literal

import pytest

from devices.escpos_frames import Bitmap
from devices.raster import draw_line
from devices.slip import TextLine


def dark_columns(bitmap: Bitmap) -> list[int]:
    rows = [bitmap.rows[at : at + bitmap.width_bytes] for at in range(0, len(bitmap.rows), bitmap.width_bytes)]
    return [x for x in range(bitmap.width_bytes * 8) if any(row[x // 8] >> (7 - x % 8) & 1 for row in rows)]


@pytest.mark.parametrize(("align", "low", "high"), [("left", 0, 60), ("center", 260, 320), ("right", 520, 576)])
def test_a_line_stands_where_it_is_aligned(align: Literal["left", "center", "right"], low: int, high: int) -> None:
    dark = dark_columns(draw_line(TextLine("㐂田", align=align), 576))
    assert dark
    assert low <= dark[0] <= dark[-1] < high


def test_a_large_line_is_as_high_as_its_text() -> None:
    small, large = (draw_line(TextLine("㐂", size=size), 384) for size in (1, 3))
    assert (len(small.rows) // 48, len(large.rows) // 48) == (30, 78)


def test_a_line_too_long_is_shrunk_and_not_cut() -> None:
    dark = dark_columns(draw_line(TextLine("㐂" * 40, bold=True), 384))
    assert dark[-1] < 384
    assert len(dark) > 300

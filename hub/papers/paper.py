"""A4 pages with the packaged Chinese fonts: titles, paragraphs, tables whose head repeats, places to sign.

The fonts are embedded in part (only the characters used), so that the paper looks and reads the same everywhere.
"""

import importlib.resources
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fpdf import FPDF
from fpdf.enums import Align, TableCellFillMode, WrapMode
from fpdf.fonts import FontFace

from hub.papers.lines import broken

# it tells of every table of a font that it leaves out
logging.getLogger("fontTools").setLevel(logging.ERROR)

Aligned = Literal["left", "center", "right"]
_ALIGN: dict[Aligned, Align] = {"left": Align.L, "center": Align.C, "right": Align.R}

MARGIN_MM = 18.0
_PAD_MM = 1.2
_INK = (0, 0, 0)
_HEAD_FILL = (226, 232, 240)
_GREY = (96, 96, 96)


@dataclass(frozen=True)
class Column:
    """Its heading, its share of the width, and how its cells stand."""

    title: str
    share: float
    align: Aligned = "left"


class Paper(FPDF):
    """One document. `footer` stands at the foot of each page with the page's number. Sizes are points."""

    def __init__(self, title: str, foot: str, made_at: datetime, *, landscape: bool = False, lang: str = "zh") -> None:
        super().__init__(orientation="landscape" if landscape else "portrait", format="A4")
        self._foot = foot
        self._page_words = ("第 {page} 页，共 {{nb}} 页", "page {page} of {{nb}}")[lang == "en"]
        fonts = importlib.resources.files("pylopdf_fonts_zh_cn")
        for family, file in (("sans", "NotoSansSC-Regular.otf"), ("serif", "NotoSerifSC-Regular.otf")):
            with importlib.resources.as_file(fonts / file) as path:
                self.add_font(family, fname=path)
        self.set_margins(MARGIN_MM, MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(True, MARGIN_MM + 4)
        self.set_title(title)
        self.set_lang("en" if lang == "en" else "zh-CN")
        self.set_creation_date(made_at)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-MARGIN_MM)
        self.set_font("sans", size=8)
        self.set_text_color(*_GREY)
        self.cell(0, 5, self._foot, align=Align.L)
        self.set_x(self.l_margin)
        self.cell(0, 5, self._page_words.format(page=self.page_no()), align=Align.R)
        self.set_text_color(*_INK)

    def heading(self, text: str, size: float = 18) -> None:
        """A title in the middle; a long one is broken."""
        self.set_font("sans", size=size)
        for line in broken(text, self.epw, self.get_string_width):
            self.cell(0, size * 0.55, line, align=Align.C, new_x="LMARGIN", new_y="NEXT")
        self.ln(size * 0.12)

    def section(self, text: str, *, keep_mm: float = 30) -> None:
        """A title on the left, never alone at the foot of a page."""
        if self.will_page_break(keep_mm):
            self.add_page()
        self.ln(2)
        self.set_font("sans", size=12)
        self.cell(0, 8, text, new_x="LMARGIN", new_y="NEXT")

    def text_block(self, text: str, *, size: float = 10.5, align: Aligned = "left", indent: bool = False) -> None:
        """A paragraph; `indent` by two characters, as letters have it."""
        self.set_font("serif", size=size)
        whole = ("　　" if indent else "") + text
        for line in broken(whole, self.epw, self.get_string_width):
            self.cell(0, size * 0.55, line, align=_ALIGN[align], new_x="LMARGIN", new_y="NEXT")

    def grid(self, columns: Sequence[Column], rows: Sequence[Sequence[str]], *, size: float = 9) -> None:
        """A table; its head stands on every page, a row is not parted."""
        self.ln(1.5)
        self.set_font("sans", size=size)
        self.set_line_width(0.15)
        whole = sum(column.share for column in columns)
        widths = [self.epw * column.share / whole for column in columns]
        inner = [width - 2 * _PAD_MM - 0.4 for width in widths]
        with self.table(
            col_widths=tuple(widths),
            text_align=tuple(_ALIGN[column.align] for column in columns),
            headings_style=FontFace(fill_color=_HEAD_FILL),
            line_height=size * 0.52,
            padding=(0.9, _PAD_MM),
            width=self.epw,
            wrapmode=WrapMode.CHAR,
            cell_fill_mode=TableCellFillMode.NONE,
            repeat_headings=1,
        ) as table:
            for cells in ([column.title for column in columns], *rows):
                row = table.row()
                for cell, width in zip(cells, inner, strict=True):
                    row.cell("\n".join(broken(cell, width, self.get_string_width)))
        self.ln(2)

    def signatures(self, roles: Sequence[str], dated: str) -> None:
        """Places to sign, kept together, and a place for date and seal."""
        if self.will_page_break(34):
            self.add_page()
        self.ln(6)
        self.set_font("serif", size=11)
        width = self.epw / len(roles)
        for role in roles:
            self.cell(width, 8, role)
        self.ln(18)
        self.cell(0, 8, dated, align=Align.R, new_x="LMARGIN", new_y="NEXT")

    def data(self) -> bytes:
        return bytes(self.output())

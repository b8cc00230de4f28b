"""The page that `hall devices test` prints: each part says what a person should see. Pure."""

from __future__ import annotations

from devices.printer_profile import Profile
from devices.slip import Paper, PaperMm, QrCode, Rule, Slip, SlipItem, Space, TextLine

CODE = "HALL-PRINTER-TEST-{mm}"
SIZES = (1, 2, 3, 4, 6, 8)
NUMBER = "A07"

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "title": "打印测试",
        "profile": "配置 {profile}　纸宽 {mm} 毫米　{dots} 点 {columns} 列",
        "width": "1 宽度：两端竖线都要印出，占满一行，不折行",
        "chinese": "2 汉字与标点：不应有乱码、方块或空白",
        "sample": "政务服务中心：您的号码，请到３号窗口。（优先）￥",
        "rare": "3 生僻字（以图形打印）：应与上一行一样大、一样黑",
        "sizes": "4 大小：{sizes} 倍，由小到大，不重叠",
        "bold": "加粗",
        "plain": "不加粗",
        "align": "5 位置：左、中、右",
        "left": "左",
        "center": "中",
        "right": "右",
        "code": "6 二维码：用手机扫，应读出",
        "cut": "7 切纸：在这行以下切断，中间留一点相连，不切到字",
    },
    "en": {
        "title": "Printer test",
        "profile": "profile {profile}, paper {mm} mm, {dots} dots, {columns} columns",
        "width": "1 Width: both bars stand in one full line",
        "chinese": "2 Chinese: no boxes, no blanks, no nonsense",
        "sample": "政务服务中心：您的号码，请到３号窗口。（优先）￥",
        "rare": "3 Rare characters (a picture): as large and as dark as above",
        "sizes": "4 Sizes: {sizes} times, nothing overlaps",
        "bold": "bold",
        "plain": "plain",
        "align": "5 Place: left, middle, right",
        "left": "left",
        "center": "middle",
        "right": "right",
        "code": "6 Code: a phone should read",
        "cut": "7 Cut: below this line, one point left, through no letter",
    },
}


def printer_page(profile: Profile, paper_mm: PaperMm, lang: str) -> Slip:
    words, paper = WORDS[lang], profile.paper(paper_mm)
    told = {"profile": profile.name, "mm": paper.mm, "dots": paper.dots, "columns": paper.columns}
    code = CODE.format(mm=paper.mm)
    items: tuple[SlipItem, ...] = (
        TextLine(words["title"], size=2, bold=True, align="center"),
        TextLine(words["profile"].format(**told)),
        Rule(),
        TextLine(words["width"], bold=True),
        *(TextLine(line) for line in rulers(paper)),
        Space(1),
        TextLine(words["chinese"], bold=True),
        TextLine(words["sample"]),
        TextLine("ABCDEFGHIJ abcdefghij 0123456789 ,.:;!?()"),
        Space(1),
        TextLine(words["rare"], bold=True),
        TextLine("㐂 䶮 㛃 𬭊 喆 堃 犇 淼"),
        Space(1),
        *_sizes(profile, paper, words),
        Space(1),
        TextLine(words["align"], bold=True),
        TextLine(words["left"], align="left"),
        TextLine(words["center"], align="center"),
        TextLine(words["right"], align="right"),
        Space(1),
        TextLine(f"{words['code']} {code}", bold=True),
        QrCode(code, 6),
        Rule(),
        TextLine(words["cut"], bold=True),
    )
    return Slip(items, paper.mm)


def rulers(paper: Paper) -> tuple[str, str]:
    """`1---5---10---…`: tens by their number, and a bar in the first and the last column."""
    marks = "".join(f"{ten:>10}" for ten in range(10, paper.columns + 1, 10))[: paper.columns]
    between = "".join("+" if column % 5 == 0 else "-" for column in range(2, paper.columns))
    return f"|{between}|", marks


def _sizes(profile: Profile, paper: Paper, words: dict[str, str]) -> tuple[SlipItem, ...]:
    most = min(profile.text.largest, paper.columns // len(NUMBER))
    sizes = [size for size in SIZES if size <= most]
    told = words["sizes"].format(sizes=" ".join(map(str, sizes)))
    return (
        TextLine(told, bold=True),
        *(TextLine(NUMBER, size=size) for size in sizes),
        TextLine(words["plain"]),
        TextLine(words["bold"], bold=True),
    )

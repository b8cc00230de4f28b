"""Printer profiles as data, what they change on the paper, the test page, and how long a slip is."""

from pathlib import Path
from typing import Literal

import pytest
import zxingcpp

from devices.escpos_frames import encode_job
from devices.printer import Printer
from devices.printer_page import printer_page
from devices.printer_profile import Profile, built_in, load_profile, profile_from
from devices.raster import draw_item
from devices.slip import PaperMm, QrCode, Rule, Slip, Space, TextLine, TicketFacts, ticket_slip
from devices.slip_length import DOTS_A_MM, slip_mm
from devices.twins.paper import PrintedSlip
from devices.twins.paper_drawing import MARGIN_DOTS
from devices.twins.printer import PrinterTwin
from devices.twins.typesetter import CUTTER_FEED_DOTS

OWN = 'name = "our-own"\nzh = "甲"\nen = "a"\n'
URL = "https://hall.example.gov.cn/t/Zk3v8QmX1pLw"
FACTS = TicketFacts(
    "泸州市政务服务中心",
    "A007",
    "企业开办",
    ("您前面还有 3 人", "请到 3、4 号窗口办理"),
    "2026-03-02 09:05",
    URL,
    "扫码查看叫号进度",
)


def printed(slip: Slip, profile: Profile) -> tuple[PrinterTwin, PrintedSlip]:
    twin = PrinterTwin(slip.paper_mm, later=lambda seconds, call: None)
    twin.attach(lambda data: None).receive(encode_job(slip, raster=draw_item, profile=profile))
    (paper,) = twin.slips
    assert twin.unknown == []
    return twin, paper


def test_ours_are_there_by_name_and_the_old_names_stay() -> None:
    assert {"generic", "epson-tm", "double-size", "one-way", "no-chinese-font"} <= built_in().keys()
    assert all(name == profile.name for name, profile in built_in().items())
    assert (load_profile("generic").has_fence, load_profile("epson-tm").has_fence) == (True, False)
    assert load_profile("epson-tm").confirms
    assert not load_profile("one-way").answers_status


def test_a_hall_gives_its_own_by_the_path_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(OWN + "[width]\n80 = { dots = 512 }\n[text]\nlargest = 4\n", encoding="utf-8")
    profile = load_profile(str(path))
    assert (profile.paper(80).columns, profile.paper(58).columns, profile.text.largest) == (42, 32, 4)
    assert Printer("loop://", profile=str(path)).profile == profile


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name = ", "not TOML"),
        (OWN + "[text]\nlargest = 9\n", "text.largest: Input should be less than or equal to 8"),
        (OWN + '[text]\ncharset = "utf-8"\n', "text.charset: Input should be 'gb2312', 'gbk', 'gb18030' or 'none'"),
        (OWN + "[answer]\ngs_r = true\n", "answer: Extra inputs are not permitted"),
        (OWN + "[width]\n76 = { dots = 512 }\n", "width.76"),
        (OWN + "[width]\n80 = { dots = 500 }\n", "width.80.dots: Input should be a multiple of 8"),
        ('name = "our own"\nzh = "甲"\nen = "a"\n', "name"),
    ],
)
def test_what_is_wrong_in_a_profile_is_named(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=r"ours.toml") as caught:
        profile_from(text, "ours.toml")
    assert told in str(caught.value)


def test_a_profile_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no printer profile 'laser'; there are .*generic"):
        load_profile("laser")
    with pytest.raises(ValueError, match="cannot be read"):
        load_profile(str(tmp_path / "none.toml"))


def test_a_narrower_head_gets_shorter_lines() -> None:
    profile = profile_from(OWN + "[width]\n80 = { dots = 512 }\n", "ours.toml")
    paper = profile.paper(80)
    _, slip = printed(ticket_slip(FACTS, paper_mm=80, columns=paper.columns), profile)
    assert max(len(line.encode("gb18030")) for line in slip.text_lines) <= 42


@pytest.mark.parametrize("paper_mm", [58, 80])
def test_without_a_chinese_font_chinese_and_codes_come_out_as_pictures(paper_mm: PaperMm) -> None:
    twin, slip = printed(ticket_slip(FACTS, paper_mm=paper_mm), load_profile("no-chinese-font"))
    assert [line for line in slip.text_lines if not line.isascii()] == []
    assert "A007" in "".join(slip.text_lines)
    assert [code.text for code in zxingcpp.read_barcodes(twin.picture(1))] == [URL]


@pytest.mark.parametrize(("charset", "drawn"), [("gb2312", True), ("gbk", False)])
def test_what_the_font_does_not_hold_is_drawn(charset: str, drawn: bool) -> None:
    profile = profile_from(OWN + f'[text]\ncharset = "{charset}"\n', "ours.toml")
    job = encode_job(Slip((TextLine("喆"),)), raster=draw_item, profile=profile)
    assert (b"\x1d\x76\x30" in job) is drawn


@pytest.mark.parametrize(
    ("cut", "sent", "kind"),
    [
        ("feed-full", "1d564100", "full"),
        ("partial", "1d5601", "partial"),
        ("full", "1d5600", "full"),
        ("old-partial", "1b69", "partial"),
    ],
)
def test_each_kind_of_cut_is_sent_and_made(cut: str, sent: str, kind: str) -> None:
    profile = profile_from(OWN + f'[commands]\ncut = "{cut}"\n', "ours.toml")
    slip = Slip((TextLine("A"),))
    assert bytes.fromhex(sent) in encode_job(slip, raster=draw_item, profile=profile)
    assert printed(slip, profile)[1].cut == kind


@pytest.mark.parametrize("profile", ["generic", "double-size", "no-chinese-font"])
@pytest.mark.parametrize(("paper_mm", "lang"), [(58, "zh"), (80, "en")])
def test_the_test_page_fits_the_paper_and_shows_all_seven_points(
    profile: str, paper_mm: PaperMm, lang: Literal["zh", "en"]
) -> None:
    known = load_profile(profile)
    twin, slip = printed(printer_page(known, paper_mm, lang), known)
    ruler = next(line for line in slip.text_lines if line.startswith("|"))
    assert len(ruler) == known.paper(paper_mm).columns
    assert ruler.endswith("|")
    assert {code.text for code in zxingcpp.read_barcodes(twin.picture(1))} == {f"HALL-PRINTER-TEST-{paper_mm}"}
    if profile == "generic":
        numbers = [line[0] for line in slip.text_lines if line[1:2] == " " and line[0].isdecimal()]
        assert numbers == list("1234567")


@pytest.mark.parametrize("paper_mm", [58, 80])
@pytest.mark.parametrize("profile", ["generic", "no-chinese-font"])
def test_the_length_of_a_slip_is_counted_as_the_paper_shows_it(paper_mm: PaperMm, profile: str) -> None:
    """Against the height of the twin's picture, which knows nothing of our counting."""
    known = load_profile(profile)
    facts = (TextLine("不动产登记" * 9, size=2), Rule(), TextLine("A007", size=8), Space(7), QrCode(URL, 5))
    for slip in (ticket_slip(FACTS, paper_mm=paper_mm), Slip(facts, paper_mm)):
        twin, _ = printed(slip, known)
        drawn_mm = (twin.picture(1).height - 2 * MARGIN_DOTS - CUTTER_FEED_DOTS) / DOTS_A_MM
        assert slip_mm(slip, known) - known.roll.cutter_mm == pytest.approx(drawn_mm, abs=1.0)

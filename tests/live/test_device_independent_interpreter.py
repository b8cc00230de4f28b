"""Our slips read by somebody else's interpreter, and our printer twin fed by somebody else's encoder.

The interpreter is npos (npm, MIT): it cuts the bytes into commands by its own tables and decodes text with iconv-lite.
The encoders are python-escpos (PyPI, MIT), receiptline (npm, Apache-2.0) and receipt-printer-encoder (npm, MIT).
The QR codes on the twin's paper are read by zxing-cpp.
"""

import asyncio
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import zxingcpp
from escpos.printer import Network
from PIL import Image

from devices.escpos_frames import encode_job
from devices.printer_profile import load_profile
from devices.raster import draw_item
from devices.slip import PaperMm, TicketFacts, ticket_slip
from devices.twins.bench import PrinterBench, printer_bench
from devices.twins.printer import PrinterTwin

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("npos_decode.cjs")
ENCODE = Path(__file__).with_name("receipts_encode.cjs")
PACKAGES = ("npos", "receiptline", "@point-of-sale/receipt-printer-encoder")
RULE = "─" * 48
URL = "https://hall.example.gov.cn/t/Zk3v8QmX1pLw"
FACTS = TicketFacts(
    hall="泸州市政务服务中心",
    number="A007",
    service="不动产登记（含首次登记、转移登记、变更登记、抵押权登记的综合受理）",
    lines=("您前面还有 3 人", "办理人：㐂田", "请到 3、4 号窗口办理"),
    time="2026-03-02 09:05",
    url=URL,
    url_caption="扫码查看叫号进度",
    footer="过号请到服务台",
)


@pytest.fixture(scope="module")
def node() -> str:
    """The Node that runs them; skipped by name where it is missing, unless everything must be there."""
    node = shutil.which("node")
    if node and all((ROOT / "node_modules" / package).is_dir() for package in PACKAGES):
        return node
    lacking = "independent ESC/POS programs: npm ci" if node else "Node.js: apt-get install nodejs npm && npm ci"
    if os.environ.get("HALL_TEST_ALL") == "1":
        pytest.fail(f"missing {lacking}")
    pytest.skip(f"missing {lacking}")


def interpreted(node: str, data: bytes) -> list[tuple[str, str]]:
    ran = subprocess.run([node, str(SCRIPT), str(ROOT)], input=data, capture_output=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr.decode()
    return [(name, value) for name, value in json.loads(ran.stdout)]


@pytest.mark.parametrize("paper_mm", [58, 80])
def test_an_independent_interpreter_reads_our_ticket(node: str, paper_mm: PaperMm) -> None:
    job = encode_job(ticket_slip(FACTS, paper_mm=paper_mm), raster=draw_item, profile=load_profile("generic"))
    told = interpreted(node, job)
    text = "".join(value for name, value in told if name == "text").replace("\n", "")
    for expected in (FACTS.hall, FACTS.number, FACTS.service, FACTS.lines[0], FACTS.lines[2], FACTS.time, FACTS.footer):
        assert expected in text
    assert [name for name, _ in told[:2]] == ["ESC@", "FS&"]
    assert [name for name, _ in told[-2:]] == ["GSV", "GSr"]
    assert "1d564200" in told[-2][1]
    codes = [bytes.fromhex(value) for name, value in told if name == "GS(k"]
    assert [code[8:].decode() for code in codes if code[5:8] == b"1P0"] == [URL]
    assert sum(name == "GSv0" for name, _ in told) == 1


@pytest.fixture(scope="module")
def encoded(node: str) -> dict[str, bytes]:
    ran = subprocess.run([node, str(ENCODE), str(ROOT), URL], capture_output=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr.decode()
    return {name: bytes.fromhex(value) for name, value in json.loads(ran.stdout).items()}


@pytest.mark.parametrize(
    ("encoder", "lines", "answer"),
    [
        ("receiptline", ["A007", "政务服务中心  企业开办", RULE, "您前面还有 3 人", "A007"], b"\x00"),
        ("encoder", ["A007", "Window 3", RULE, "Straße 5, Café", "A007"], b""),
    ],
)
def test_our_twin_prints_and_answers_what_encoders_from_npm_send(
    encoded: dict[str, bytes], encoder: str, lines: list[str], answer: bytes
) -> None:
    """receiptline moves inside lines, draws its code itself (GS 8 L) and asks for the job's end (GS r 1)."""
    answers: list[bytes] = []
    twin = PrinterTwin(later=lambda seconds, call: None)
    twin.attach(answers.append).receive(encoded[encoder])
    (slip,) = twin.slips
    assert [line.strip() for line in slip.text_lines] == lines
    assert slip.cut == "partial"
    assert (twin.unknown, b"".join(answers)) == ([], answer)
    assert {code.text for code in zxingcpp.read_barcodes(twin.picture(1))} == {URL, "A007"}


def _print_with_python_escpos(url: str) -> None:
    host, _, port = url.removeprefix("socket://").partition(":")
    printer = Network(host, port=int(port), timeout=10)
    printer.set(align="center", bold=True, double_height=True, double_width=True)
    printer.text("A007\n")
    printer.set(align="left", bold=False, normal_textsize=True)
    printer.textln("政务服务中心")
    printer.qr(URL, native=True, size=6)
    printer.barcode("{BA007", "CODE128", height=80, width=2, function_type="B")
    printer.image(_picture(), impl="bitImageRaster")
    printer.image(_picture(), impl="bitImageColumn")
    printer.image(_picture(), impl="graphics")
    printer.buzzer(2, 2)
    assert printer.is_online()
    assert printer.paper_status() == 2
    printer.cut(mode="PART")
    printer.close()


def _picture() -> Image.Image:
    picture = Image.new("1", (64, 48), 1)
    picture.paste(0, (8, 8, 56, 40))
    return picture


async def _printed(bench: PrinterBench) -> None:
    async with asyncio.timeout(10):
        while not bench.twin.slips:
            await bench.twin.watch.after(bench.twin.watch.version, 1)


async def test_our_twin_prints_what_an_independent_encoder_sends() -> None:
    async with printer_bench() as bench:
        await asyncio.to_thread(_print_with_python_escpos, bench.urls[0])
        await _printed(bench)
        (slip,) = bench.twin.slips
        assert slip.text_lines[:2] == ["A007", "政务服务中心"]
        assert slip.codes == [URL, "A007"]
        assert slip.cut == "partial"
        assert bench.twin.unknown == []
        read = {code.text for code in zxingcpp.read_barcodes(bench.twin.picture(1))}
        assert read == {URL, "A007"}

"""The `Read` tool."""

import base64
import json
import os
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from tests.fakes.files import MemoryFiles
from tests.unit.tools.workbench import Workbench

from droid.domain.files import digest_of
from droid.tools.notebook import read_notebook
from droid.tools.read import MAX_BYTES, Read

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


async def test_lines_are_numbered_and_the_digest_is_kept(bench: Workbench):
    path = bench.write("a.txt", "one\r\n\ttwo\n\nvier ü")
    assert await bench.text(Read(), file_path="a.txt") == snapshot(
        "     1→one\n     2→\ttwo\n     3→\n     4→vier ü"
    )
    assert bench.ledger == {path: digest_of(path.read_bytes())}


RANGES: list[tuple[dict[str, Any], str]] = [
    ({"offset": 2}, "     2→2\n     3→3\n     4→4\n     5→5"),
    ({"limit": 2}, "     1→1\n     2→2\n[lines 1–2 of 5; read on with offset=3]"),
    ({"offset": 2, "limit": 1}, "     2→2\n[lines 2–2 of 5; read on with offset=3]"),
    ({"offset": 4, "limit": 99}, "     4→4\n     5→5"),
    ({"offset": 5}, "     5→5"),
    ({"offset": 6}, "failed: a has 5 lines; line 6 is past its end"),
]


@pytest.mark.parametrize(("arguments", "wanted"), RANGES)
async def test_a_range_is_read_and_says_how_to_read_on(
    bench: Workbench, arguments: dict[str, Any], wanted: str
):
    bench.write("a", "1\n2\n3\n4\n5\n")
    assert await bench.text(Read(), file_path="a", **arguments) == wanted


async def test_one_call_gives_two_thousand_lines_whatever_is_asked_for(bench: Workbench):
    bench.write("a", "x\n" * 5000)
    text = await bench.text(Read(), file_path="a", limit=5000)
    assert text.splitlines()[-1] == "[lines 1–2000 of 5000; read on with offset=2001]"
    assert len(text.splitlines()) == 2001


async def test_one_call_gives_no_more_than_its_bytes(bench: Workbench):
    bench.write("a", ("ü" * 900 + "\n") * 1000)
    text = await bench.text(Read(), file_path="a")
    assert len(text.encode()) < MAX_BYTES + 100
    assert text.splitlines()[-1] == "[lines 1–144 of 1000; read on with offset=145]"


async def test_a_very_long_line_is_cut_and_says_by_how_much(bench: Workbench):
    bench.write("min.js", "x" * 12_345 + "\nnext\n")
    first, second = (await bench.text(Read(), file_path="min.js")).splitlines()
    assert first.endswith("x… [10,345 more characters]")
    assert second == "     2→next"


async def test_a_file_larger_than_a_megabyte_is_read_in_part(bench: Workbench):
    bench.write("big.log", b"line\n" * 400_000)
    assert await bench.text(Read(), file_path="big.log", offset=400_000) == "400000→line"


ODD: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a", b"", "[the file is empty]"),
    "binary": (
        "a.out",
        b"\x7fELF\x02\x01\x01\x00\x00",
        (
            "failed: a.out is binary (9 bytes, beginning with 7f 45 4c 46 02 01 01 00); "
            "look at it with a program for its kind, through Execute"
        ),
    ),
    "utf-16": ("a", "\ufeffä\r\nb".encode("utf-16-le"), "     1→ä\n     2→b"),
    "latin": ("a", b"gr\xfcn", "     1→grün"),
    "only a newline": ("a", b"\n", "     1→"),
}


@pytest.mark.parametrize("case", list(ODD))
async def test_unusual_files_are_read_for_what_they_are(bench: Workbench, case: str):
    name, data, wanted = ODD[case]
    bench.write(name, data)
    assert await bench.text(Read(), file_path=name) == wanted


async def test_what_is_not_a_file_says_what_to_do_instead(bench: Workbench):
    bench.write("src/main.py")
    bench.write("README.md")
    os.mkfifo(bench.root / "pipe")
    (bench.root / "loop").symlink_to("loop")
    texts = {
        name: (await bench.text(Read(), file_path=name)).replace(str(bench.root), "ROOT")
        for name in [
            "src",
            "src/mian.py",
            "scr/main.py",
            "readme.MD",
            "nothing",
            "no/such/file",
            "pipe",
            "loop",
        ]
    }
    assert texts == snapshot(
        {
            "src": "failed: src is a folder; list it with LS",
            "src/mian.py": "failed: no such file: src/mian.py; did you mean src/main.py?",
            "scr/main.py": "failed: no such file: scr/main.py; did you mean src/main.py?",
            "readme.MD": "failed: no such file: readme.MD; did you mean README.md?",
            "nothing": "failed: no such file: nothing",
            "no/such/file": "failed: no such file: no/such/file; there is no folder no",
            "pipe": "failed: ROOT/pipe is not a regular file (a pipe, socket or device)",
            "loop": "failed: cannot read ROOT/loop: Too many levels of symbolic links",
        }
    )
    assert bench.ledger == {}


async def test_a_path_that_forgot_the_current_folder_is_guessed(bench: Workbench):
    bench.write("src/a.py")
    bench.write("docs/x")
    bench.cwd = bench.root / "docs"
    text = await bench.text(Read(), file_path="src/a.py")
    assert text.replace(str(bench.root), "ROOT") == (
        "failed: no such file: src/a.py (relative to ROOT/docs); did you mean ROOT/src/a.py?"
    )


async def test_an_open_buffer_is_read_instead_of_the_disk(bench: Workbench):
    path = bench.root / "a"
    files = MemoryFiles({path: b"on disk"})
    files.open(path, "in the editor ü")
    bench.files = files
    assert await bench.text(Read(), file_path="a") == "     1→in the editor ü"
    assert bench.ledger == {path: digest_of("in the editor ü".encode())}


IMAGES: dict[str, bytes] = {
    "image/png": PNG,
    "image/jpeg": b"\xff\xd8\xff\xe0..",
    "image/gif": b"GIF89a..",
    "image/webp": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
}


@pytest.mark.parametrize("kind", list(IMAGES))
async def test_images_are_told_by_their_bytes_and_handed_over(bench: Workbench, kind: str):
    bench.write("picture.dat", IMAGES[kind])
    result = await bench.call(Read(), file_path="picture.dat")
    (image,) = result.images
    assert (image.media_type, base64.b64decode(image.data)) == (kind, IMAGES[kind])
    assert result.text == f"[picture.dat is an image ({kind}, {len(IMAGES[kind])} bytes)]"


async def test_a_model_without_eyes_gets_words(bench: Workbench):
    bench.write("a.png", PNG)
    bench.supports_images = False
    result = await bench.call(Read(), file_path="a.png")
    assert result.images == ()
    assert "cannot look at images" in result.text


async def test_an_image_that_no_provider_takes_is_refused(bench: Workbench):
    bench.write("a.png", PNG + bytes(4_000_000))
    assert "too large to look at" in await bench.text(Read(), file_path="a.png")


NOTEBOOK = {
    "nbformat": 4,
    "cells": [
        {"cell_type": "markdown", "source": ["# Title\n", "text"]},
        {
            "cell_type": "code",
            "execution_count": 7,
            "source": "print(1)\nplot()",
            "outputs": [
                {"output_type": "stream", "name": "stdout", "text": ["1\n"]},
                {
                    "output_type": "display_data",
                    "data": {"text/plain": "<Figure>", "image/png": base64.b64encode(PNG).decode()},
                },
                {"output_type": "error", "traceback": ["\x1b[31mValueError\x1b[0m: x"]},
                {"output_type": "stream", "text": "".join(f"{n}\n" for n in range(100))},
            ],
        },
    ],
}


async def test_a_notebook_is_laid_out_with_its_outputs(bench: Workbench):
    bench.write("a.ipynb", json.dumps(NOTEBOOK))
    result = await bench.call(Read(), file_path="a.ipynb", limit=14)
    assert result.text == snapshot("""\
     1→--- cell 1: markdown ---
     2→# Title
     3→text
     4→--- cell 2: code [7] ---
     5→print(1)
     6→plot()
     7→--- output ---
     8→1
     9→--- output ---
    10→<Figure>
    11→[image 1]
    12→--- output ---
    13→ValueError: x
    14→--- output ---
[lines 1–14 of 75; read on with offset=15]
[a notebook, laid out for reading; Edit works on its JSON text, which Grep shows]\
""")
    assert [base64.b64decode(image.data) for image in result.images] == [PNG]


@pytest.mark.parametrize("content", ["{}", "[1]", "{ not json", '"cells"'])
async def test_a_notebook_that_is_none_is_read_as_text(bench: Workbench, content: str):
    bench.write("a.ipynb", content)
    assert await bench.text(Read(), file_path="a.ipynb") == f"     1→{content}"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["cells", "worksheets", "outputs", "data", "text", "source", "traceback", "image/png"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_no_notebook_is_too_broken(value: object):
    read_notebook(json.dumps(value).encode())


def pdf(*pages: str) -> bytes:
    """A small PDF with a line of text on each page."""
    objects: list[bytes] = []
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects.append(b"<< /Type /Catalog /Pages 2 0 R >>")
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for index, text in enumerate(pages):
        stream = f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode()
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents {5 + 2 * index} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    out = BytesIO()
    out.write(b"%PDF-1.4\n")
    offsets: list[int] = []
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % offset for offset in offsets))
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def encrypted(data: bytes) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    writer.encrypt("secret", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


async def test_the_text_of_a_pdf_is_read_by_pages(bench: Workbench):
    bench.write("a.pdf", pdf("first", "second", "", "fourth"))
    assert await bench.text(Read(), file_path="a.pdf", offset=2, limit=2) == snapshot("""\
--- page 2 of 4 ---
second
--- page 3 of 4 ---
[no text: perhaps a scan]
[pages 2–3 of 4; read on with offset=4 (a page)]\
""")
    assert (await bench.text(Read(), file_path="a.pdf")).splitlines()[-1] == "fourth"
    assert "4 pages; page 5 is past" in await bench.text(Read(), file_path="a.pdf", offset=5)


BROKEN: dict[str, tuple[Callable[[], bytes], str]] = {
    "encrypted": (lambda: encrypted(pdf("x")), "it is encrypted and needs a password"),
    "cut off": (lambda: pdf("x")[:40], "it is damaged or unusual"),
    "no pdf at all": (lambda: b"%PDF-1.7 not really", "it is damaged or unusual"),
}


@pytest.mark.parametrize("case", list(BROKEN))
async def test_a_pdf_that_cannot_be_read_says_why(bench: Workbench, case: str):
    make, reason = BROKEN[case]
    bench.write("a.pdf", make())
    text = await bench.text(Read(), file_path="a.pdf")
    assert text.startswith(f"failed: a.pdf cannot be read as PDF: {reason}")
    assert "\n" not in text


def test_the_access_is_the_file_and_the_title_is_one_line():
    tool = Read()
    call = tool.validate({"file_path": "a\nb", "offset": 3, "limit": 2})
    assert [str(path) for path in tool.access(call).reads] == ["a\nb"]
    assert tool.access(call).writes == ()
    assert tool.title(call) == "Read a b:3-4"

"""What `check` prints is one line a finding, whatever names and addresses are in the book."""

import zipfile


def test_findings_are_lines(t):
    t.file("a.md", "# Ferry\n\nIt crossed.\n")
    t.ok("-o", "good.epub", "a.md")
    with zipfile.ZipFile(t.dir / "good.epub") as book, zipfile.ZipFile(t.dir / "odd.epub", "w") as odd:
        for info in book.infolist():
            data = book.read(info.filename)
            if info.filename == "EPUB/chapter-1.xhtml":
                data = data.replace(b"<p>", b'<p><img alt="a" src="a&#10;b: error: fake [x].png"/>', 1)
            odd.writestr(info.filename, data, zipfile.ZIP_STORED)
        odd.writestr("EPUB/c\nd: error: fake\r\t[y].xhtml", b"<p>", zipfile.ZIP_STORED)
    found = t.chapbook("check", "odd.epub")
    t.equal(found.status, 1, str(found))
    lines = found.out.decode().splitlines()
    t.true(len(lines) > 3 and all(line.startswith("odd.epub: ") for line in lines), str(found))
    t.true(any("EPUB/c\\nd: error: fake\\r\\t[y].xhtml" in line for line in lines), str(found))

"""What pictures say of themselves, against exiftool: what it writes is read, what is written it reads.
The pictures are made by libvips."""

import hashlib
import os
import random
import re
import subprocess
from pathlib import Path

import epub
import harness

HERE = Path(__file__).resolve().parent

# exiftool's tags and the words that they must be; the first group takes precedence over the later ones.
XMP = {
    "XMP-dc:Description": ("caption", "Ein Boot auf dem Titicacasee — “Isla”"),
    "XMP-photoshop:Credit": ("credit", "Agencia X"),
    "XMP-dc:Creator": ("creator", "Ann Brown"),
    "XMP-dc:Rights": ("rights", "© 2024 Ann Brown & Söhne <all>"),
    "XMP-iptcCore:AltTextAccessibility": ("alt", "A reed boat"),
    "XMP-iptcCore:ExtDescrAccessibility": ("description", "A boat of reeds with two people in it"),
    "XMP-xmpRights:WebStatement": ("licence", "https://example.org/licence?a=1&b=2"),
}
IPTC = {
    "IPTC:CodedCharacterSet": (None, "UTF8"),
    "IPTC:Caption-Abstract": ("caption", "Une barque à roseaux"),
    "IPTC:Credit": ("credit", "Agence Y"),
    "IPTC:By-line": ("creator", "Bo Li"),
    "IPTC:CopyrightNotice": ("rights", "© Bo Li"),
}
EXIF = {
    "EXIF:ImageDescription": ("caption", "A boat"),
    "EXIF:Artist": ("creator", "Carl Diaz"),
    "EXIF:Copyright": ("rights", "(c) Carl Diaz"),
}
PNG_TEXT = {
    "PNG:Description": ("caption", "The boat"),
    "PNG:Author": ("creator", "Di Evans"),
    "PNG:Copyright": ("rights", "(c) Di Evans"),
}
# What must not be left: tags, and what they hold.
PRIVATE = {
    "EXIF:Make": "Kodak-Zeiss", "EXIF:Model": "Brownie-7", "EXIF:SerialNumber": "SN-12345",
    "EXIF:LensModel": "Planar-50", "EXIF:GPSLatitude": "15.84", "EXIF:GPSLatitudeRef": "S",
    "XMP-photoshop:City": "Puno-City", "XMP-exif:GPSLongitude": "70.02W",
    "XMP-aux:SerialNumber": "SN-67890", "XMP-iptcExt:LocationShownCity": "Uros-Place",
    "XMP-xmpMM:DocumentID": "doc-1",
}
PRIVATE_IPTC = {"IPTC:City": "Puno-City", "IPTC:Country-PrimaryLocationName": "Peru-Country"}
SECRETS = [b"Kodak-Zeiss", b"Brownie-7", b"SN-12345", b"Planar-50", b"Puno-City", b"SN-67890",
           b"Uros-Place", b"Peru-Country", b"Canon"]


def prepared(test):
    def run(t):
        need(t)
        t.exiftool = Exiftool(t)
        try:
            test(t)
        finally:
            t.exiftool.close()
    return run


def need(t):
    harness.need_tool("exiftool", "libimage-exiftool-perl")
    harness.need_tool("vips", "libvips-tools")
    flags = ["-fsanitize=address,undefined"] if harness.SANITIZED else []
    build = t.run([os.environ.get("CC", "cc"), "-std=c11", "-D_GNU_SOURCE", "-O1", "-Wall", "-Wextra",
                   *flags, f"-I{harness.ROOT}/src", HERE / "image_metadata.c", harness.BUILD / "libchapbook.a",
                   *harness.library_flags(), "-o", "image_metadata"])
    t.equal((build.status, build.err), (0, b""), str(build))


def vips(t, *args):
    result = t.run(["vips", *args])
    t.equal(result.status, 0, str(result))


def picture(t, name, options=""):
    """A picture of noise, with sRGB's profile in it where there can be one."""
    noise = random.Random(1)
    t.file("noise.ppm", b"P6\n97 61\n255\n" + bytes(noise.randrange(256) for _ in range(97 * 61 * 3)))
    vips(t, "copy", "noise.ppm", name if name.endswith(".gif") else name + f"[profile=srgb{options}]")
    return t.dir / name


class Exiftool:
    """One process for many commands: it takes a third of a second to start."""

    def __init__(self, t):
        self.process = subprocess.Popen(["exiftool", "-stay_open", "True", "-@", "-"], cwd=t.dir,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT)

    def run(self, *args):
        """Run one command; returns the lines that it says."""
        lines = [*map(str, args), "-execute", ""]
        self.process.stdin.write("\n".join(lines).encode())
        self.process.stdin.flush()
        said = []
        while True:
            line = self.process.stdout.readline().decode()
            if not line:
                raise harness.Failure(f"exiftool ended: {said}")
            if line.startswith("{ready"):
                break
            said.append(line.rstrip("\n"))
        return said

    def close(self):
        self.process.communicate(b"-stay_open\nFalse\n", timeout=harness.HANG)


def exiftool(t, path, tags):
    args = [f"-{tag}={value}" for tag, value in tags]
    result = t.exiftool.run("-m", "-overwrite_original", "-charset", "utf8", *args, path)
    # WebP's Exif has another beginning when libvips has written it.
    told = [line.strip() for line in result if "Improper EXIF header" not in line]
    t.equal(told, ["1 image files updated"], "exiftool")


def tags_of(t, path):
    """All that exiftool sees in a file but what the file system says, as lines "[Group] Tag: value"."""
    result = t.exiftool.run("-G1", "-a", "-s", "-u", "-charset", "utf8", path)
    return [line for line in result
            if not line.startswith(("[System]", "[ExifTool]", "[File]", "[Composite]", "[ICC"))]


def read(t, path):
    result = t.run([*harness.WRAP, "./image_metadata", "read", path])
    t.equal(result.status, 0, str(result))
    words = dict(line.split("=", 1) for line in result.out.decode().splitlines())
    if words.get("orientation") == "1":  # as libvips writes it
        del words["orientation"]
    return words


def write(t, path, out, *args):
    result = t.run([*harness.WRAP, "./image_metadata", "write", path, out, *args])
    t.equal((result.status, result.out), (0, b""), str(result))


def pixels(t, path):
    vips(t, "rawsave", f"{path}[fail_on=warning]", "pixels.raw")
    return hashlib.sha256((t.dir / "pixels.raw").read_bytes()).hexdigest()


def profile(t, path):
    return "".join(t.exiftool.run("-b", "-ICC_Profile", "-base64", "-j", path)[2:])


def expected(*groups):
    words = {}
    for group in groups:
        for word, value in group.values():
            if word:
                words.setdefault(word, value)
    return words


def well_formed(t, path):
    """All validators accept it."""
    result = t.exiftool.run("-validate", "-warning", "-a", path)
    # An Exif block that says the orientation alone lacks what the standard demands of cameras.
    wrong = [line for line in result[1:] if "Missing required JPEG IFD0" not in line]
    t.equal((result[0].split(":")[0].strip(), wrong), ("Validate", []), path)


def case(kind, groups):
    """Each source by itself and all of them at once, in every kind of file that can hold them."""
    def run(t):
        path = picture(t, f"in.{kind}", ",Q=80" if kind == "jpg" else "")
        before = pixels(t, path.name)
        for group in reversed(groups):
            exiftool(t, path, [(tag, value) for tag, (_, value) in group.items()])
            texts = {"private": "yes"} if PNG_TEXT in groups else {}  # they are taken out
            t.equal(read(t, path.name), {**expected(group, *groups[groups.index(group) + 1:]), **texts}, group)
        words = expected(*groups)
        exiftool(t, path, [*PRIVATE.items(), ("EXIF:Orientation#", "8")])
        if IPTC in groups:
            exiftool(t, path, PRIVATE_IPTC.items())
        t.equal(read(t, path.name), {**words, "orientation": "8", "private": "yes"}, "with places")

        # Without what is private: the same words, for exiftool too.
        write(t, path.name, f"plain.{kind}", "drop")
        t.equal(read(t, f"plain.{kind}"), {**words, "orientation": "8"}, "without places")
        found = "\n".join(tags_of(t, f"plain.{kind}"))
        for tag in ("GPS", "Make ", "Model ", "Serial", "City", "Country", "Lens", "Location", "Thumb"):
            t.true(tag not in found, f"{tag} is left:\n{found}")
        plain = (t.dir / f"plain.{kind}").read_bytes()
        for secret in SECRETS:
            t.true(secret not in plain, f"{secret} is left")
        well_formed(t, f"plain.{kind}")
        t.equal(pixels(t, f"plain.{kind}"), before, "the picture")
        t.equal(profile(t, t.dir / f"plain.{kind}"), profile(t, path), "the profile")
        t.true(len(profile(t, path)) > 100, "there is a profile")

        # With new words: these alone, wherever exiftool looks.
        new = {"caption": "A <new> caption & “more” — ☃", "creator": "Ann", "alt": "Boat",
               "credit": "Z", "rights": "© Ann", "description": "Long",
               "licence": "https://example.org/"}
        write(t, path.name, f"new.{kind}", "drop", *(f"{k}={v}" for k, v in new.items()))
        t.equal(read(t, f"new.{kind}"), {**new, "orientation": "8"}, "new words")
        well_formed(t, f"new.{kind}")
        lines = tags_of(t, f"new.{kind}")
        found = {line.split(":", 1)[0].split("]")[1].strip(): line.split(": ", 1)[1]
                 for line in lines if line.startswith("[XMP")}
        wanted = {tag.split(":")[1]: new[word] for tag, (word, _) in XMP.items()}
        t.equal({**found, **wanted}, found, "for exiftool")
        t.true(not [line for line in lines if line.startswith(("[IPTC", "[PNG] Desc"))], str(lines))
        t.equal(pixels(t, f"new.{kind}"), before, "the picture")

        # Once is enough, and the result is the same every time.
        result = t.run([*harness.WRAP, "./image_metadata", "write", f"plain.{kind}", "again", "drop"])
        t.equal(result.out.decode(), "nothing to change\n", "again")
        write(t, path.name, "again", "drop")
        t.equal((t.dir / "again").read_bytes(), plain, "the same bytes")
    return run


def reading_case(kind):
    """GIF and WebP: read only."""
    def run(t):
        path = picture(t, f"in.{kind}")
        groups = [XMP] if kind == "gif" else [XMP, EXIF]
        for group in reversed(groups):
            exiftool(t, path, [(tag, value) for tag, (_, value) in group.items()])
        t.equal(read(t, path.name), expected(*groups), kind)
        exiftool(t, path, [("XMP-exif:GPSLongitude", "70.02W")])
        t.equal(read(t, path.name), {**expected(*groups), "private": "yes"}, kind)
    return run


def test_languages(t):
    """The default before English before the first."""
    path = picture(t, "in.jpg")
    for tag, caption in (("-fr", "Une barque"), ("-en-US", "A boat"), ("", "Ein Boot")):
        exiftool(t, path, [(f"XMP-dc:Description{tag}", caption)])
        t.equal(read(t, path.name), {"caption": caption}, tag)


def test_long(t):
    """XMP that does not fit into one segment: exiftool puts the rest into extended ones."""
    path = picture(t, "in.jpg")
    # Large structures are moved out; the caption is kept in the main packet or comes with them.
    exiftool(t, path, [("XMP-dc:Description", "A boat"), ("XMP-dc:Rights", "Mine " * 15000),
                       ("XMP-photoshop:City", "Puno-City")])
    t.true(b"http://ns.adobe.com/xmp/extension/" in path.read_bytes(), "an extended packet")
    words = read(t, path.name)
    t.equal((words["caption"], words["private"]), ("A boat", "yes"), "words")
    t.true(words["rights"].startswith("Mine Mine") and words["rights"].endswith("Mine…"), words["rights"])
    t.true(990 < len(words["rights"]) <= 1000, str(len(words["rights"])))
    write(t, path.name, "out.jpg", "drop")
    well_formed(t, "out.jpg")
    del words["private"]
    t.equal(read(t, "out.jpg"), words, "written")
    t.true(b"extension" not in (t.dir / "out.jpg").read_bytes(), "one packet")


def test_charsets(t):
    """IIM that says nothing of its character set is Latin-1 or UTF-8."""
    for charset in ("Latin", "UTF8"):
        path = picture(t, f"{charset}.jpg")
        result = t.exiftool.run("-overwrite_original", "-charset", "utf8", "-charset",
                                f"iptc={charset}", "-IPTC:Caption-Abstract=Böses Öl – «né»", path)
        t.equal([line.strip() for line in result], ["1 image files updated"], "exiftool")
        t.true("CodedCharacterSet" not in "".join(tags_of(t, path)), "no character set")
        t.equal(read(t, path.name), {"caption": "Böses Öl – «né»"}, charset)


def test_small_picture(t):
    """A thumbnail may show what has been cut away; so may what follows the picture."""
    path = picture(t, "in.jpg")
    vips(t, "black", "small.jpg", "32", "32")
    exiftool(t, path, [("EXIF:Orientation#", "3"), ("ThumbnailImage<", "small.jpg")])
    t.true("ThumbnailImage" in "".join(tags_of(t, path)), "there is a small picture")
    write(t, path.name, "out.jpg", "drop")
    t.true("ThumbnailImage" not in "".join(tags_of(t, "out.jpg")), "it is removed")
    t.equal(read(t, "out.jpg"), {"orientation": "3"}, "words")
    path.write_bytes((t.dir / "out.jpg").read_bytes() + b"\0\0\0\x18ftypmp42" + b"a video, somewhere" * 9)
    t.equal(read(t, "in.jpg"), {"orientation": "3", "private": "yes"}, "words")
    write(t, path.name, "again.jpg", "drop")
    t.equal((t.dir / "again.jpg").read_bytes(), (t.dir / "out.jpg").read_bytes(), "without the video")
    well_formed(t, "again.jpg")
    pixels(t, "again.jpg")


def test_progressive(t):
    """Several scans, restart markers."""
    path = picture(t, "in.jpg", ",interlace=true,Q=95,restart-interval=2"
                   if b"restart" in t.run(["vips", "jpegsave"]).out else ",interlace=true,Q=95")
    exiftool(t, path, [("EXIF:Make", "Canon"), ("XMP-dc:Description", "A boat")])
    before = pixels(t, "in.jpg")
    write(t, path.name, "out.jpg", "drop")
    t.equal(read(t, "out.jpg"), {"caption": "A boat"}, "words")
    well_formed(t, "out.jpg")
    t.equal(pixels(t, "out.jpg"), before, "the picture")


# What ExifTool can write, by what may say who or what made a picture, and where.
TELLING = re.compile("city|countr|state|province|location|place|gps|geo|serial|owner|make|model|camera|lens|device|"
                     "person|cell|comment|software|tool|path|host|author|creat|event|history|contact|email|phone|"
                     "address|unique|id$|warning|source", re.I)
# Captions and credits, which stay.
WORDS = {"Creator", "ExtDescrAccessibility", "AltTextAccessibility", "Description", "License", "WebStatement"}


def test_every_tag(t):
    """Each tag that may identify somebody, alone in a picture of each kind: nothing of it is in the book."""
    made = []
    for kind, groups in (("jpg", ("EXIF", "IPTC", "XMP", "File")), ("png", ("PNG", "EXIF", "XMP")), ("gif", ("XMP", "GIF"))):
        picture(t, f"in.{kind}")
        for group in groups:
            listed = ["Comment"] if group in ("File", "GIF") else \
                " ".join(t.exiftool.run("-listw", f"-{group}:All")[1:]).split()
            for tag in sorted(tag for tag in listed if TELLING.search(tag) and tag not in WORDS):
                name = f"{kind}-{group}-{tag}.{kind}"
                t.exiftool.run("-m", f"-{group}:{tag}=SECRET{len(made)}x", "-o", name, f"in.{kind}")
                path = t.dir / name
                if path.exists() and b"SECRET" in path.read_bytes():
                    made.append(name)
    t.true(len(made) > 400, f"{len(made)} pictures")
    t.file("a.md", "# Title\n\nWords.\n\n" + "\n\n".join(f"![]({name})" for name in made) + "\n")
    for option, left in (("--no-images", 0), ("--keep-location", len(made)), (None, 0)):
        t.ok("-q", *([option] if option else []), "-o", "a.epub", "a.md")
        book = epub.Epub(t.dir / "a.epub")
        found = {secret for name in book.names if name.endswith((".jpg", ".png", ".gif"))
                 for secret in re.findall(rb"SECRET\d+x", book.read(name))}
        t.equal(len(found), left, f"{option}: {[made[int(s[6:-1])] for s in sorted(found)[:5]]}")


def test_gif(t):
    """Comments, texts, applications' blocks and what follows the end are taken out; the rest is as it was."""
    frames = b"GIF89a\2\0\2\0\x80\0\0" + b"\0\0\0\xff\xff\xff"
    loop, control = b"!\xff\x0bNETSCAPE2.0\3\1\0\0\0", b"!\xf9\4\4\x0a\0\0\0"
    frame = b",\0\0\0\0\2\0\2\0\0\2\3\x44\x02\5\0"
    comment, text = b"!\xfe\6SECRET\0", b"!\x01\x0c" + b"\0" * 12 + b"\6SECRET\0"
    application = b"!\xff\x0bSECRETAPPL1\6SECRET\0"
    long_loop = b"!\xff\x0bNETSCAPE2.0\3\1\0\0\x0cSECRETSECRET\0"
    clean = frames + loop + control + frame + control + frame + b";"
    t.file("clean.gif", clean)
    t.equal(t.run(["./image_metadata", "write", "clean.gif", "x.gif", "drop"]).out, b"nothing to change\n", "clean")
    for n, dirty in enumerate((
            frames + comment + loop + control + frame + comment + control + frame + b";",
            frames + loop + control + frame + text + control + frame + application + b";",
            frames + application + loop + control + frame + control + frame + b";SECRET, and more than that",
            frames + loop + long_loop + control + frame + control + frame + b";\0",
            frames + loop + control + frame + control + frame + b"SECRET")):
        t.file("in.gif", dirty)
        t.equal(read(t, "in.gif")["private"], "yes", n)
        write(t, "in.gif", "out.gif", "drop")
        t.equal((t.dir / "out.gif").read_bytes(), clean, n)


def cases():
    found = [("words-jpeg", case("jpg", [XMP, IPTC, EXIF])),
             ("words-png", case("png", [XMP, EXIF, PNG_TEXT])),
             ("words-webp", reading_case("webp")), ("words-gif", reading_case("gif"))]
    found += [(f"words-{name[5:].replace('_', '-')}", value) for name, value in globals().items()
              if name.startswith("test_")]
    return [(name, prepared(test)) for name, test in found]

"""Every kind of picture in, and what must come out: its kind, size, place of its corners, colours,
transparency and frames, as libvips decodes it."""

import os
import random
import re
import struct
import sys
import threading
import zlib
from pathlib import Path

import harness

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import pictures as p  # noqa: E402

LOCK = threading.Lock()
SIZE = (200, 240)  # that e-readers are said to have, unless a case says otherwise


def tool(t, name, *libraries):
    """A program of ours, built once a run."""
    with LOCK:
        program = harness.WORK / "tools" / name
        if not program.exists():
            program.parent.mkdir(parents=True, exist_ok=True)
            sanitize = ["-fsanitize=address,undefined"] if harness.SANITIZED else []
            flags = libraries or [harness.BUILD / "libchapbook.a", *harness.library_flags()]
            build = t.run([os.environ.get("CC", "cc"), "-std=c11", "-D_GNU_SOURCE", "-g", "-Wall",
                           "-Wextra", *sanitize, f"-I{harness.ROOT}/src", HERE / f"{name}.c", *flags,
                           "-o", program])
            t.equal((build.status, build.err), (0, b""), str(build))
    return program


class Fitted:
    """What became of a picture."""

    def __init__(self, lines):
        self.facts = dict(line.split("=", 1) for line in lines)
        self.error = self.facts.get("error")
        for key in ("in", "out", "broken"):
            setattr(self, "of" if key == "in" else key, self.facts.get(key, "").split(","))


def fit(t, data, *, size=SIZE, flags="a", quality=90, status=0):
    """Fit a file; returns what was told, and where it is."""
    path = t.file("in.picture", data)
    out = t.dir / "out.picture"
    out.unlink(missing_ok=True)
    result = t.run([*harness.WRAP, tool(t, "fit_one"), *size, quality, flags, path, out])
    t.equal((result.status, result.err), (status, b""), str(result))
    return Fitted(result.out.decode().splitlines()), out


def near(t, got, expected, tolerance, what):
    worst = max(abs(a - b) for a, b in zip(got, expected))
    t.true(len(got) == len(expected) and worst <= tolerance, f"{what}: got {got}, expected {expected}")


def check_png(t, out, data):
    """Nothing but pixels (and how large vips thinks they are), and not much larger than vips itself
    packs them at its best."""
    at, chunks = 8, []
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at:at + 8])
        chunks.append(name)
        at += 12 + size
    t.equal(set(chunks) - {b"IHDR", b"PLTE", b"tRNS", b"pHYs", b"IDAT", b"IEND"}, set(), "chunks")
    t.true(data[24] <= 8 and data[28] == 0, "8 bits at most, not interlaced")
    p.vips("copy", out, "best.png[compression=9,strip]", cwd=t.dir)
    best = (t.dir / "best.png").stat().st_size
    t.true(len(data) <= 1.3 * best, f"{len(data)} bytes, {best} by vips")


def check(t, made, kind, size, *, corners=p.CORNERS, tolerance=8, reason=None, flags=""):
    """That it came out so; returns its pixels."""
    fitted, out = made
    t.true(not fitted.error, fitted.facts)
    t.equal(fitted.out[0], kind, "kind")
    t.equal(fitted.facts["flags"].strip(), flags, "flags")
    if reason is not None:
        t.true(reason in fitted.facts["reason"], fitted.facts["reason"])
    magic = {"jpg": b"\xFF\xD8\xFF", "png": b"\x89PNG", "gif": b"GIF89a"}[kind]
    data = out.read_bytes()
    t.equal(data[:len(magic)], magic, "first bytes")
    t.equal(tuple(map(int, fitted.out[1:3])), size, "size that is reported")
    pixels = p.decoded(t, out)
    t.equal((pixels.width, pixels.height), size, "size")
    if kind == "jpg":
        markers = [marker for marker, _, _ in p.jpeg_segments(data)]
        t.true(0xE1 not in markers and 0xE2 not in markers and 0xED not in markers, "nothing but pixels")
        t.true(0xC2 not in markers, "not progressive")
    if kind == "png":
        check_png(t, out, data)
    for n, (got, expected) in enumerate(zip(pixels.corners(), corners)):
        near(t, got[:len(expected)], expected, tolerance, f"corner {n}")
    return pixels


def refused(t, made, code, words):
    fitted, out = made
    t.true(fitted.error, fitted.facts)
    t.true(fitted.error.startswith(f"{code} ") and words in fitted.error, fitted.error)
    t.true(not out.exists(), "nothing is written")


E_INPUT, E_LIMIT = 2, 3

# --- JPEG ---


def jpeg(t, pixels=None, options="[Q=95,strip]"):
    return p.convert(t, pixels or p.photo(), "x.jpg", options)


def jpeg_baseline(t):
    made = fit(t, jpeg(t))
    t.equal(made[0].of, ["jpg", "320", "200", "8"])
    check(t, made, "jpg", (200, 125), reason="larger")


def jpeg_that_fits(t):
    made = fit(t, jpeg(t), size=(320, 200))
    t.equal(made[0].facts["reason"], "", "reason")
    check(t, made, "jpg", (320, 200))


def jpeg_never_enlarged(t):
    check(t, fit(t, jpeg(t), size=(3000, 3000)), "jpg", (320, 200))
    check(t, fit(t, jpeg(t), size=(0, 0)), "jpg", (320, 200))
    check(t, fit(t, jpeg(t), size=(0, 100)), "jpg", (160, 100))
    check(t, fit(t, jpeg(t), size=(160, 0)), "jpg", (160, 100))


def jpeg_progressive(t):
    made = fit(t, jpeg(t, options="[interlace]"))
    t.true("interlaced" in made[0].of, made[0].of)
    check(t, made, "jpg", (200, 125))


def jpeg_gray(t):
    gray = p.gray_of(p.photo())
    made = fit(t, jpeg(t, gray))
    t.true("gray" in made[0].of, made[0].of)
    expected = p.gray_of(p.Pixels(4, 1, 3, bytes(sum(p.CORNERS, ())))).data
    pixels = check(t, made, "jpg", (200, 125), corners=[(v,) for v in expected])
    t.equal(pixels.bands, 1, "bands")


def jpeg_without_jfif(t):
    data = p.jpeg_without(jpeg(t), 0xE0)
    t.true(b"JFIF" not in data, "no JFIF header")
    made = fit(t, data)
    t.equal(made[0].of[:3], ["jpg", "320", "200"])
    check(t, made, "jpg", (200, 125))


def cmyk_raw(t, pixels):
    """Four inks, by libvips's built-in profile."""
    t.file("rgb.png", p.png(pixels))
    p.vips("icc_transform", "rgb.png", "cmyk.tif", "cmyk", "--input-profile", "srgb", cwd=t.dir)
    return t.dir / "cmyk.tif"


def jpeg_cmyk(t):
    cmyk_raw(t, p.photo(160, 100))
    for options in ("[Q=95]", "[Q=95,strip]"):  # with a profile, and without
        p.vips("copy", "cmyk.tif", f"cmyk.jpg{options}", cwd=t.dir)
        made = fit(t, (t.dir / "cmyk.jpg").read_bytes())
        t.equal(made[0].of, ["jpg", "160", "100", "8", "cmyk"])
        pixels = check(t, made, "jpg", (160, 100), reason="CMYK", tolerance=20)
        t.equal(pixels.bands, 3, "bands")


def jpeg_ycck(t):
    cmyk_raw(t, p.photo(160, 100))
    p.vips("rawsave", "cmyk.tif", "cmyk.raw", cwd=t.dir)
    t.equal(t.run([tool(t, "ycck", "-ljpeg"), 160, 100, "cmyk.raw", "ycck.jpg"]).status, 0)
    made = fit(t, (t.dir / "ycck.jpg").read_bytes())
    t.equal(made[0].of, ["jpg", "160", "100", "8", "cmyk"])
    check(t, made, "jpg", (160, 100), reason="CMYK", tolerance=20)


def jpeg_orientation(orientation):
    def run(t):
        photo = p.photo()
        data = jpeg(t, p.turned(photo, orientation))
        data = p.jpeg_insert(data, 0xE1, b"Exif\0\0" + p.exif(orientation))
        check(t, fit(t, data), "jpg", (200, 125))
        check(t, fit(t, data, size=(0, 0)), "jpg", (320, 200))
    return run


def jpeg_profile(matrix):
    def run(t):
        icc = p.profile(matrix)
        data = p.jpeg_insert(jpeg(t), 0xE2, b"ICC_PROFILE\0\1\1" + icc)
        expected = [p.to_srgb(c, matrix) for c in p.CORNERS]
        t.true(max(abs(a - b) for e, c in zip(expected, p.CORNERS) for a, b in zip(e, c)) > 10, "differs")
        check(t, fit(t, data), "jpg", (200, 125), corners=expected, tolerance=5)
    return run


def jpeg_broken_profile(t):
    for icc in (b"", b"nonsense", p.profile(p.WIDE)[:200], b"\0" * 500):
        data = p.jpeg_insert(jpeg(t), 0xE2, b"ICC_PROFILE\0\1\1" + icc)
        check(t, fit(t, data), "jpg", (200, 125))


def jpeg_truncated(t):
    photo = p.photo(800, 600)
    whole = jpeg(t, photo)
    made = fit(t, whole[:len(whole) * 2 // 3], size=(400, 300))
    pixels = p.decoded(t, made[1])
    check(t, made, "jpg", (400, 300), corners=p.CORNERS[:2], flags="damaged")
    near(t, pixels.around(100, 10), p.CORNERS[0], 8, "what is there")


def jpeg_truncated_in_head(t):
    whole = jpeg(t)
    scan = whole.index(b"\xFF\xDA")
    fitted, _ = fit(t, whole[:scan])
    t.true(fitted.broken[0] == "jpg", fitted.facts)


def jpeg_12_bits(t):
    whole = jpeg(t)
    _, at, _ = next(s for s in p.jpeg_segments(whole) if s[0] == 0xC0)
    deep = whole[:at + 1] + b"\xC1" + whole[at + 2:at + 4] + b"\x0C" + whole[at + 5:]
    made = fit(t, deep, size=(400, 400))
    t.equal(made[0].of, ["jpg", "320", "200", "12"])
    t.true("8 bits" in made[0].facts["reason"], made[0].facts)
    refused(t, made, E_INPUT, "12")


def jpeg_huge(t):
    """As large as the format allows: by its header alone."""
    whole = jpeg(t)
    _, at, _ = next(s for s in p.jpeg_segments(whole) if s[0] == 0xC0)
    made = fit(t, whole[:at + 5] + b"\xFF\xFF\xFF\xFF" + whole[at + 9:])
    t.equal(made[0].of[:3], ["jpg", "65535", "65535"])
    refused(t, made, E_LIMIT, "65535 x 65535")


def jpeg_grayscale(t):
    made = fit(t, jpeg(t), flags="ag", size=(320, 200))
    pixels = check(t, made, "jpg", (320, 200), corners=[(p.luminance(c),) for c in p.CORNERS], reason="colour")
    t.equal(pixels.bands, 1, "bands")


# --- PNG ---


def png_photo(t):
    made = fit(t, p.png(p.photo()))
    t.equal(made[0].of, ["png", "320", "200", "8"])
    check(t, made, "jpg", (200, 125))


def png_drawing(t):
    pixels = check(t, fit(t, p.png(p.drawing())), "png", (200, 125), tolerance=1)
    t.equal(pixels.bands, 3, "bands")


def png_photo_on_white(t):
    """As shops show things: most of it is flat, and still it is a photo."""
    photo, data = p.photo(), bytearray()
    for y in range(200):
        for x in range(320):
            inside = (x - 160) ** 2 / 150 ** 2 + (y - 100) ** 2 / 90 ** 2 < 0.9
            data += bytes(photo.at(x, y) if inside else (255, 255, 255))
    check(t, fit(t, p.png(p.deep_of(p.Pixels(320, 200, 3, bytes(data)))), size=(320, 200)), "jpg", (320, 200))


def png_lossless(t):
    """A drawing that is not made smaller comes out with the very same pixels, in fewer bytes."""
    drawing = p.drawing(150, 90)
    made = fit(t, p.png(p.deep_of(drawing)))
    pixels = check(t, made, "png", (150, 90), tolerance=1, reason="8 bits")
    t.equal(pixels.data, drawing.data, "pixels")
    t.true(made[1].stat().st_size < 400, "packed well")


def png_restless_drawing(t):
    """More colours than a palette has, in fields and lines: without loss."""
    data = bytearray()
    for y in range(120):
        for x in range(180):
            field = x // 6 * 20 + y // 6
            data += bytes((field * 7 % 256, field * 13 % 256, field // 3 % 256, 255 - (x < 90) * 100))
    for bands in (3, 4):
        pixels = p.Pixels(180, 120, bands, bytes(v for n, v in enumerate(data) if n % 4 < bands))
        got = check(t, fit(t, p.png(p.deep_of(pixels))), "png", (180, 120), corners=())
        t.equal(got.data, pixels.data, "pixels")


def png_16_bits(t):
    made = fit(t, p.png(p.deep_of(p.photo(160, 100))))
    t.equal(made[0].of, ["png", "160", "100", "16"])
    check(t, made, "jpg", (160, 100), reason="8 bits")


def png_gray(t):
    expected = [(v,) for v in p.gray_of(p.Pixels(4, 1, 3, bytes(sum(p.CORNERS, ())))).data]
    for pixels, kind in ((p.photo(), "jpg"), (p.drawing(), "png")):
        made = fit(t, p.png(p.gray_of(pixels)))
        t.equal(made[0].of, ["png", "320", "200", "8", "gray"])
        check(t, made, kind, (200, 125), corners=expected, tolerance=3)
    made = fit(t, p.png(p.deep_of(p.gray_of(p.photo()))))
    check(t, made, "jpg", (200, 125), corners=expected, tolerance=3)


PALETTE = b"".join(map(bytes, p.CORNERS))


def png_palette(t):
    made = fit(t, p.png(p.index_quarters(320, 200), palette=PALETTE))
    t.equal(made[0].of, ["png", "320", "200", "8"])
    check(t, made, "png", (200, 125), tolerance=1)


def png_palette_trns(t):
    data = p.png(p.index_quarters(320, 200), palette=PALETTE, extra=p.chunk(b"tRNS", b"\xFF\0"))
    made = fit(t, data)
    t.true("alpha" in made[0].of, made[0].of)
    pixels = check(t, made, "png", (200, 125), corners=())
    t.equal(pixels.bands, 4, "bands")
    t.equal([round(c[3]) for c in pixels.corners()], [255, 0, 255, 255], "alpha")
    for n in (0, 2, 3):
        near(t, pixels.corners()[n][:3], p.CORNERS[n], 1, "corner")


def png_colour_trns(t):
    data = p.png(p.drawing(), extra=p.chunk(b"tRNS", b"".join(bytes((0, v)) for v in p.CORNERS[2])))
    pixels = check(t, fit(t, data), "png", (200, 125), corners=())
    t.equal([round(c[3]) for c in pixels.corners()], [255, 255, 0, 255], "alpha")


def png_alpha(t):
    pixels = p.with_alpha(p.photo(), lambda x, y: 255 * x // 319)
    made = fit(t, p.png(pixels))
    t.true("alpha" in made[0].of, made[0].of)
    got = check(t, made, "png", (200, 125), corners=())
    near(t, [c[3] for c in got.corners()], [64, 191, 64, 191], 4, "alpha")
    near(t, got.corners()[1][:3], p.CORNERS[1], 8, "colour")


def png_opaque_alpha(t):
    made = fit(t, p.png(p.with_alpha(p.photo(), lambda x, y: 255)))
    check(t, made, "jpg", (200, 125))


def png_interlaced_giant(t):
    width, height = 2000, 1100
    row = b"".join(bytes(p.CORNERS[x * 2 >= width]) for x in range(width))
    low = b"".join(bytes(p.CORNERS[2 + (x * 2 >= width)]) for x in range(width))
    giant = p.Pixels(width, height, 3, row * (height // 2) + low * (height - height // 2))
    made = fit(t, p.png(giant, interlaced=True), size=(0, 0))
    t.equal(made[0].of, ["png", "2000", "1100", "8", "interlaced"])
    check(t, made, "png", (width, height), reason="interlaced", tolerance=0)
    t.true("interlaced" not in made[0].out, made[0].out)
    small = fit(t, p.png(p.drawing(100, 100), interlaced=True))
    t.equal(small[0].facts["reason"], "", "no giant")


def png_bomb(t):
    """250 million black and white pixels in some kilobytes."""
    header = struct.pack(">IIBBBBB", 16000, 16000, 1, 0, 0, 0, 0)
    data = zlib.compress(bytes(2001 * 16000), 9)
    bomb = b"\x89PNG\r\n\x1a\n" + p.chunk(b"IHDR", header) + p.chunk(b"IDAT", data) + p.chunk(b"IEND", b"")
    refused(t, fit(t, bomb), E_LIMIT, "16000 x 16000")


def png_orientation(t):
    data = p.png(p.turned(p.photo(), 6), extra=p.chunk(b"eXIf", p.exif(6)))
    check(t, fit(t, data), "jpg", (200, 125))


def apng(t):
    frames = [p.drawing(160, 100), p.photo(160, 100)]
    data = p.png(frames[0], frames=frames[1:])
    made = fit(t, data)
    t.true("animated" in made[0].of, made[0].of)
    t.equal(made[0].facts["reason"], "", "reason")
    made = fit(t, data, flags="-")
    check(t, made, "png", (160, 100), tolerance=1, reason="animated")
    check(t, fit(t, data, size=(80, 80)), "png", (80, 50), tolerance=2, flags="stilled")


# --- GIF ---


def gif_frames(width, height, count=4):
    return [p.index_quarters(width, height, [(n + k) % 4 for k in range(4)]) for n in range(count)]


def gif_static(t):
    made = fit(t, p.gif([p.index_quarters(320, 200)], p.CORNERS))
    t.equal(made[0].of, ["gif", "320", "200", "8"])
    check(t, made, "png", (200, 125), tolerance=1)


def gif_transparent(t):
    made = fit(t, p.gif([p.index_quarters(320, 200)], p.CORNERS, transparent=2))
    t.true("alpha" in made[0].of, made[0].of)
    pixels = check(t, made, "png", (200, 125), corners=())
    t.equal([round(c[3]) for c in pixels.corners()], [255, 255, 0, 255], "alpha")


def frames_of(t, path, count):
    t.equal(p.field(path, "n-pages"), str(count), "frames")
    return [p.decoded(t, f"{path}[page={n}]") for n in range(count)]


def check_moving(t, made, size, count=4, delay=100):
    fitted, out = made
    t.true(not fitted.error and fitted.out[0] == "gif" and "animated" in fitted.out, fitted.facts)
    t.equal(tuple(map(int, fitted.out[1:3])), size, "size")
    for n, frame in enumerate(frames_of(t, out, count)):
        t.equal((frame.width, frame.height), size, f"frame {n}")
        for k in range(4):
            near(t, frame.corners()[k][:3], p.CORNERS[(n + k) % 4], 12, f"frame {n}, corner {k}")
    t.equal(p.field(f"{out}[n=-1]", "delay").split()[:count], [str(delay)] * count, "delays")
    t.equal(p.field(out, "loop"), "0", "loop")


def gif_animated_that_fits(t):
    made = fit(t, p.gif(gif_frames(160, 100), p.CORNERS))
    t.true("animated" in made[0].of, made[0].of)
    t.equal(made[0].facts["reason"], "", "reason")


def gif_animated_large(t):
    check_moving(t, fit(t, p.gif(gif_frames(320, 200), p.CORNERS)), (200, 125))


def gif_animated_stilled(t):
    made = fit(t, p.gif(gif_frames(160, 100), p.CORNERS), flags="-")
    check(t, made, "png", (160, 100), tolerance=1, reason="animated")


def gif_animated_too_much(t):
    """More pixels in all its frames than are decoded: the first one is left."""
    frame = p.index_quarters(500, 400)
    one = p.gif([frame, frame], p.CORNERS)
    start = one.index(b"!\xF9")
    body = one[start:one.index(b"!\xF9", start + 1)]
    made = fit(t, one[:start] + body * 501 + b";", size=(100, 100))
    check(t, made, "png", (100, 80), tolerance=2, flags="stilled")


def gif_truncated(t):
    whole = p.gif(gif_frames(320, 200), p.CORNERS)
    made = fit(t, whole[:len(whole) * 5 // 8])
    t.true(not made[0].error and made[0].out[0] == "gif", made[0].facts)
    t.true(int(p.field(made[1], "n-pages")) in (2, 3), "the frames that are there")
    still = p.gif([p.index_quarters(320, 200)], p.CORNERS)
    check(t, fit(t, still[:len(still) * 3 // 4]), "png", (200, 125), corners=p.CORNERS[:2], flags="damaged")


# --- WebP ---


def webp_lossy(t):
    made = fit(t, p.convert(t, p.photo(), "x.webp", "[Q=90]"))
    t.equal(made[0].of, ["webp", "320", "200", "8"])
    check(t, made, "jpg", (200, 125), reason="few reading devices")


def webp_lossless(t):
    made = fit(t, p.convert(t, p.drawing(), "x.webp", "[lossless]"), size=(320, 200))
    t.equal(made[0].of, ["webp", "320", "200", "8"])
    pixels = check(t, made, "png", (320, 200), tolerance=0)
    t.equal(pixels.data, p.drawing().data, "pixels")


def webp_alpha(t):
    for options in ("[lossless]", "[Q=90]"):
        data = p.convert(t, p.with_alpha(p.photo(), lambda x, y: 255 * (x > 160)), "x.webp", options)
        made = fit(t, data)
        t.true("alpha" in made[0].of, made[0].of)
        pixels = check(t, made, "png", (200, 125), corners=())
        near(t, [c[3] for c in pixels.corners()], [0, 255, 0, 255], 2, "alpha")
        near(t, pixels.corners()[3][:3], p.CORNERS[3], 8, "colour")


def webp_animated(t):
    t.file("x.gif", p.gif(gif_frames(320, 200), p.CORNERS))
    p.vips("copy", "x.gif[n=-1]", "x.webp[Q=95]", cwd=t.dir)
    data = (t.dir / "x.webp").read_bytes()
    made = fit(t, data)
    t.true("animated" in made[0].of, made[0].of)
    check_moving(t, made, (200, 125))
    check_moving(t, fit(t, data, size=(0, 0)), (320, 200))
    check(t, fit(t, data, flags="-"), "png", (200, 125))


def webp_truncated(t):
    whole = p.convert(t, p.photo(), "x.webp", "[Q=90]")
    fitted, _ = fit(t, whole[:len(whole) // 2])
    t.equal(fitted.broken[0], "webp", fitted.facts)


# --- AVIF, HEIC, JPEG XL ---


def avif(t):
    data = p.convert(t, p.photo(), "x.avif", "[Q=90]")
    made = fit(t, data)
    t.equal(made[0].of, ["avif", "320", "200", "8"])
    check(t, made, "jpg", (200, 125))
    check(t, fit(t, p.convert(t, p.drawing(), "x.avif", "[lossless]")), "png", (200, 125), tolerance=3)


def avif_alpha(t):
    data = p.convert(t, p.with_alpha(p.photo(), lambda x, y: 255 * (y > 100)), "x.avif", "[Q=90]")
    made = fit(t, data)
    t.true("alpha" in made[0].of, made[0].of)
    pixels = check(t, made, "png", (200, 125), corners=())
    near(t, [c[3] for c in pixels.corners()], [0, 0, 255, 255], 2, "alpha")


def avif_deep(t):
    data = p.convert(t, p.png(p.deep_of(p.photo())), "x.avif", "[bitdepth=12,Q=90]")
    made = fit(t, data)
    t.equal(made[0].of, ["avif", "320", "200", "12"])
    check(t, made, "jpg", (200, 125))


def heic(t):
    data = p.convert(t, p.photo(), "x.heic", "[compression=hevc,Q=90]")
    made = fit(t, data)
    t.equal(made[0].of, ["heic", "320", "200", "8"])
    check(t, made, "jpg", (200, 125))


def heic_turned(t):
    """A quarter turn, as phones say it: a property of the picture, not Exif."""
    data = p.convert(t, p.turned(p.photo(), 6), "x.heic", "[compression=hevc,Q=90,strip]")
    data = add_property(data, b"irot", b"\x03")
    made = fit(t, data)
    t.equal(made[0].of[:3], ["heic", "320", "200"])
    check(t, made, "jpg", (200, 125))


def boxes(data, at, end):
    while at < end:
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        yield kind, at, at + size
        at += size


def add_property(data, kind, content):
    """Another property for the first picture of a HEIF file that has its data at the end."""
    property_box = struct.pack(">I4s", 8 + len(content), kind) + content
    path, at, end = [], 0, len(data)
    for wanted, skip in ((b"meta", 12), (b"iprp", 8)):
        start, stop = next((a, b) for k, a, b in boxes(data, at, end) if k == wanted)
        path.append(start)
        at, end = start + skip, stop
    inner = {k: (a, b) for k, a, b in boxes(data, at, end)}
    (ipco, ipco_end), (ipma, ipma_end) = inner[b"ipco"], inner[b"ipma"]
    number = sum(1 for _ in boxes(data, ipco + 8, ipco_end)) + 1
    old = data[ipma:ipma_end]
    assert old[8] == 0 and not old[11] & 1, "one byte a property"
    new = old[:18] + bytes([old[18] + 1]) + old[19:19 + old[18]] + bytes([0x80 | number]) + old[19 + old[18]:]
    new = struct.pack(">I", len(new)) + new[4:]
    out = bytearray(data[:ipco_end] + property_box + data[ipco_end:ipma] + new + data[ipma_end:])
    grown = len(out) - len(data)
    for start in (*path, ipco):
        size = struct.unpack(">I", out[start:start + 4])[0]
        out[start:start + 4] = struct.pack(">I", size + (len(property_box) if start == ipco else grown))
    return move_items(out, path[0], grown)


def move_items(out, meta, by):
    """The places of the items' data (iloc, 4 bytes each) are counted from the file's start."""
    size = struct.unpack(">I", out[meta:meta + 4])[0]
    iloc = next(a for k, a, b in boxes(out, meta + 12, meta + size) if k == b"iloc")
    version, sizes = out[iloc + 8], struct.unpack(">H", out[iloc + 12:iloc + 14])[0]
    assert sizes >> 8 == 0x44 and sizes >> 4 & 15 in (0, 4), hex(sizes)
    base = sizes >> 4 & 15
    count, at = struct.unpack(">H", out[iloc + 14:iloc + 16])[0], iloc + 16
    for _ in range(count):
        at += (4 if version else 2) + 2
        assert base in (0, 4)
        at += base
        extents = struct.unpack(">H", out[at:at + 2])[0]
        at += 2
        for _ in range(extents):
            place = struct.unpack(">I", out[at:at + 4])[0]
            out[at:at + 4] = struct.pack(">I", place + by)
            at += 8
    return bytes(out)


def jxl(t):
    made = fit(t, p.convert(t, p.photo(), "x.jxl", "[Q=90]"))
    t.equal(made[0].of[:3], ["jxl", "320", "200"])
    check(t, made, "jpg", (200, 125))
    check(t, fit(t, p.convert(t, p.drawing(), "x.jxl", "[lossless]")), "png", (200, 125), tolerance=1)


def words_of_foreign_kinds(t):
    """The blocks of what has words that are not read otherwise."""
    data = p.jpeg_insert(jpeg(t), 0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    data = p.jpeg_insert(data, 0xE1, b"Exif\0\0" + p.exif(1))
    t.file("words.jpg", data)
    for kind, options, expected in (("avif", "", "xe"), ("heic", "[compression=hevc]", "xe"), ("tif", "", "x"),
                                    ("jpg", "", "")):
        p.vips("copy", "words.jpg", f"as.{kind}{options}", cwd=t.dir)
        fitted, _ = fit(t, (t.dir / f"as.{kind}").read_bytes())
        xmp, _, exif = fitted.facts["blocks"].split(",")
        t.equal((int(xmp) > 0, int(exif) > 0), ("x" in expected, "e" in expected), f"blocks of {kind}")


# --- TIFF ---


def tiff(options, kind="jpg", pixels=None):
    def run(t):
        made = fit(t, p.convert(t, pixels or p.photo(), "x.tif", options))
        t.equal(made[0].of, ["tif", "320", "200", "8"])
        check(t, made, kind, (200, 125))
    return run


def tiff_16_bits(t):
    made = fit(t, p.convert(t, p.png(p.deep_of(p.photo())), "x.tif"))
    t.equal(made[0].of, ["tif", "320", "200", "16"])
    check(t, made, "jpg", (200, 125))


def tiff_cmyk(t):
    made = fit(t, cmyk_raw(t, p.photo()).read_bytes())
    t.equal(made[0].of, ["tif", "320", "200", "8", "cmyk"])
    check(t, made, "jpg", (200, 125), tolerance=20)


def tiff_alpha(t):
    data = p.convert(t, p.with_alpha(p.drawing(), lambda x, y: 255 * (y > 100)), "x.tif")
    made = fit(t, data)
    t.true("alpha" in made[0].of, made[0].of)
    pixels = check(t, made, "png", (200, 125), corners=())
    near(t, [c[3] for c in pixels.corners()], [0, 0, 255, 255], 2, "alpha")


def tiff_pages(t):
    tall = p.Pixels(320, 400, 3, p.photo().data + p.photo(seed=2).data[::-1])
    data = p.convert(t, tall, "x.tif", "[page-height=200]")
    check(t, fit(t, data), "jpg", (200, 125))


def tiff_turned(t):
    data = jpeg(t, p.turned(p.photo(), 6))
    t.file("turned.jpg", p.jpeg_insert(data, 0xE1, b"Exif\0\0" + p.exif(6)))
    p.vips("copy", "turned.jpg", "x.tif", cwd=t.dir)
    check(t, fit(t, (t.dir / "x.tif").read_bytes()), "jpg", (200, 125))


# --- BMP and ICO ---


def bmp(make, kind="png", tolerance=1):
    def run(t):
        made = fit(t, make(), size=(320, 240))
        t.equal(made[0].of[:4], ["bmp", "160", "100", "8"])
        check(t, made, kind, (160, 100), tolerance=tolerance)
        check(t, fit(t, make(), size=(80, 240)), kind, (80, 50), tolerance=max(tolerance, 2))
    return run


def bmp_truncated(t):
    whole = p.bmp(p.drawing(160, 100))
    made = fit(t, whole[:len(whole) * 2 // 3])
    t.true(not made[0].error, made[0].facts)
    t.equal(made[0].facts["flags"].strip(), "damaged", "flags")
    near(t, p.decoded(t, made[1]).corners()[2][:3], p.CORNERS[2], 1, "what is there")


def bmp_bomb(t):
    whole = bytearray(p.bmp(p.index_quarters(64, 64), 8, palette=p.CORNERS, rle=b"\0\1"))
    whole[18:26] = struct.pack("<ii", 60000, 60000)
    refused(t, fit(t, bytes(whole)), E_LIMIT, "60000 x 60000")


def ico(t):
    icon = p.with_alpha(p.drawing(48, 48), lambda x, y: 255 * (x >= 24))
    small = p.with_alpha(p.drawing(16, 16), lambda x, y: 255)
    for bits, large in ((32, p.icon_dib(icon)), (24, p.icon_dib(icon, 24)), (32, p.png(icon))):
        made = fit(t, p.ico([(16, 16, 32, p.icon_dib(small)), (48, 48, bits, large)]))
        t.equal(made[0].of, ["ico", "48", "48", "8", "alpha"])
        pixels = check(t, made, "png", (48, 48), corners=())
        t.equal([round(c[3]) for c in pixels.corners()], [0, 255, 0, 255], "alpha")
        for n in (1, 3):
            near(t, pixels.corners()[n][:3], p.CORNERS[n], 1, f"corner {n}")


# --- SVG, drawn ---


def svg(width, height, more=""):
    rects = "".join(f'<rect x="{n % 2 * 50}%" y="{n // 2 * 50}%" width="50%" height="50%" fill="rgb{c}"/>'
                    for n, c in enumerate(p.CORNERS))
    return f'<svg xmlns="http://www.w3.org/2000/svg" {more} width="{width}" height="{height}">{rects}</svg>'.encode()


def svg_drawn(t):
    check(t, fit(t, svg(320, 200), flags="s"), "png", (200, 125), tolerance=1)
    check(t, fit(t, svg(300, 100), flags="s", size=(0, 0)), "png", (600, 200), tolerance=1)
    check(t, fit(t, svg(60, 40), flags="s"), "png", (60, 40), tolerance=1)
    pixels = check(t, fit(t, svg(60, 40), flags="gs"), "png", (60, 40), corners=())
    t.true(pixels.bands == 1 or all(c[0] == c[1] == c[2] for c in pixels.corners()), "gray")


def svg_reads_nothing(t):
    """What it refers to is not there, wherever it is."""
    secret = t.file("secret.png", p.png(p.quarters(32, 32, ((255, 0, 255),) * 4)))
    source = f'''<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
        width="64" height="64"><rect width="64" height="64" fill="white"/>
        <image href="file://{secret}" width="64" height="64"/>
        <image xlink:href="{secret}" width="64" height="64"/>
        <image href="secret.png" width="64" height="64"/></svg>'''
    pixels = p.decoded(t, fit(t, source.encode(), flags="s")[1])
    near(t, pixels.around(32, 32)[:3], (255, 255, 255), 0, "the middle")


# --- Side by side ---


def side_by_side(t):
    """Many at once are what each is alone, whatever the number of threads."""
    sources = [jpeg(t), p.png(p.photo()), p.png(p.drawing()), p.gif(gif_frames(320, 200), p.CORNERS),
               p.convert(t, p.photo(), "x.webp"), p.bmp(p.drawing(160, 100))]
    files, outs = [], []
    for n in range(24):
        files.append(t.file(f"in-{n}", sources[n % len(sources)]))
        outs.append([t.dir / f"out-{way}-{n}" for way in range(2)])
    for way, flags in enumerate(("a", "at")):
        pairs = [arg for n in range(24) for arg in (files[n], outs[n][way])]
        result = t.run([*harness.WRAP, tool(t, "fit_one"), *SIZE, 80, flags, *pairs])
        t.equal((result.status, result.err), (0, b""), str(result))
    for n in range(24):
        first, second = (path.read_bytes() for path in outs[n])
        t.true(first and first == second, f"picture {n} differs")
        t.true(first == outs[n % len(sources)][0].read_bytes(), f"picture {n} is as before")


def hostile(t):
    """Every kind with some bytes changed or cut off: something comes out, or an error."""
    r, pairs = random.Random(1), []
    for seed in sorted((harness.TESTS / "fuzz" / "seeds" / "picture").glob("*")):
        for n in range(6):
            data = bytearray(seed.read_bytes())
            for _ in range(r.choice((1, 2, 4, 10))):
                data[r.randrange(len(data))] = r.randrange(256)
            pairs += [t.file(f"{seed.name}-{n}", data[:r.randrange(len(data))] if n == 0 else data), t.dir / "out"]
    result = t.run([*harness.WRAP, tool(t, "fit_one"), *SIZE, 80, "a", *pairs])
    t.equal(result.status, 0, str(result))  # the decoder of JPEG XL has things to say
    lines = result.out.decode().splitlines()
    outs, errors = (sum(line.startswith(what) for line in lines) for what in ("out=", "error="))
    t.true(outs > 20 and errors > 10, f"{outs} made, {errors} refused of {len(pairs) // 2}")
    for line in lines:
        t.true(not line.startswith("error=") or re.match(r"error=[23] in: .", line), line)


def cases():
    # A program that cannot be had is reported once for each: libvips's own.
    def with_vips(function):
        def run(t):
            harness.need_tool("vips", "libvips-tools")
            function(t)
        return run

    corners = p.CORNERS
    index = p.index_quarters(160, 100)
    drawn, photo = p.drawing(160, 100), p.photo(160, 100)
    listed = [f for f in (
        jpeg_baseline, jpeg_that_fits, jpeg_never_enlarged, jpeg_progressive, jpeg_gray, jpeg_without_jfif,
        jpeg_cmyk, jpeg_ycck, jpeg_broken_profile, jpeg_truncated, jpeg_truncated_in_head, jpeg_12_bits,
        jpeg_huge, jpeg_grayscale, png_photo, png_photo_on_white, png_drawing, png_lossless, png_restless_drawing, png_16_bits,
        png_gray, png_palette, png_palette_trns, png_colour_trns, png_alpha, png_opaque_alpha,
        png_interlaced_giant, png_bomb, png_orientation, apng, gif_static, gif_transparent,
        gif_animated_that_fits, gif_animated_large, gif_animated_stilled, gif_animated_too_much,
        gif_truncated, webp_lossy, webp_lossless, webp_alpha, webp_animated, webp_truncated, avif, avif_alpha,
        avif_deep, heic, heic_turned, jxl, words_of_foreign_kinds, tiff_16_bits, tiff_cmyk, tiff_alpha,
        tiff_pages, tiff_turned, bmp_truncated, bmp_bomb, ico, svg_drawn, svg_reads_nothing, side_by_side, hostile)]
    named = [(f.__name__.replace("_", "-"), f) for f in listed]
    named += [(f"jpeg-orientation-{n}", jpeg_orientation(n)) for n in range(1, 9)]
    named += [("jpeg-adobe-rgb", jpeg_profile(p.ADOBE_RGB)), ("jpeg-wide-gamut", jpeg_profile(p.WIDE)),
              ("tiff-strips", tiff("")), ("tiff-tiled", tiff("[tile,tile-width=64,tile-height=64]")),
              ("tiff-deflate", tiff("[compression=deflate]")), ("tiff-lzw", tiff("[compression=lzw]")),
              ("tiff-drawing", tiff("", "png", p.drawing()))]
    named += [(f"bmp-{name}", bmp(make, *more)) for name, make, *more in (
        ("24", lambda: p.bmp(drawn)), ("top-down", lambda: p.bmp(drawn, up=False)),
        ("32", lambda: p.bmp(drawn, 32)), ("16", lambda: p.bmp(drawn, 16), "png", 8),
        ("8", lambda: p.bmp(index, 8, palette=corners)), ("core", lambda: p.bmp(drawn, core=True)),
        ("core-8", lambda: p.bmp(index, 8, palette=corners, core=True)),
        ("rle8", lambda: p.bmp(index, 8, palette=corners, rle=p.rle8(index))),
        ("photo", lambda: p.bmp(photo), "jpg", 8))]
    return [(name, with_vips(function)) for name, function in named]

"""Pictures of our own making, of every kind and habit: pixels by Python, kinds by libvips's own
program, and by hand what that does not write."""

import functools
import random
import struct
import subprocess
import zlib

# Top left, top right, bottom left, bottom right: so that turning shows. No tone is beyond what ink
# can print.
CORNERS = ((180, 60, 50), (70, 140, 80), (90, 100, 140), (200, 180, 80))


class Pixels:
    """width x height pixels of 1 to 4 bytes (or big-endian pairs of bytes, when deep)."""

    def __init__(self, width, height, bands, data, deep=False):
        self.width, self.height, self.bands, self.data, self.deep = width, height, bands, data, deep

    def at(self, x, y):
        start = (y * self.width + x) * self.bands
        return tuple(self.data[start:start + self.bands])

    def around(self, x, y, reach=3):
        """The mean colour near a point."""
        points = [self.at(i, j) for j in range(max(0, y - reach), min(self.height, y + reach + 1))
                  for i in range(max(0, x - reach), min(self.width, x + reach + 1))]
        return tuple(sum(p[b] for p in points) / len(points) for b in range(self.bands))

    def corners(self):
        """The colours in the middle of each quarter."""
        return tuple(self.around(self.width * (1 + 2 * (n % 2)) // 4, self.height * (1 + 2 * (n // 2)) // 4)
                     for n in range(4))


@functools.lru_cache
def quarters(width, height, colours=CORNERS, noise=0, seed=1):
    """Four flat fields; with noise, as restless as a photo."""
    r = random.Random(seed)
    data = bytearray()
    for y in range(height):
        for x in range(width):
            colour = colours[(x * 2 >= width) + 2 * (y * 2 >= height)]
            if noise:
                colour = [max(0, min(255, c + r.randint(-noise, noise))) for c in colour]
            data += bytes(colour)
    return Pixels(width, height, len(colours[0]), bytes(data))


def photo(width=320, height=200, seed=1):
    return quarters(width, height, noise=12, seed=seed)


def drawing(width=320, height=200):
    return quarters(width, height)


@functools.lru_cache
def gray_of(pixels):
    data = bytes(round(0.2126 * r + 0.7152 * g + 0.0722 * b)
                 for r, g, b in zip(*[iter(pixels.data)] * 3))
    return Pixels(pixels.width, pixels.height, 1, data)


def luminance(colour):
    """Its gray, by the light that it sends."""
    linear = sum(w * (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4)
                 for w, v in zip((0.2126, 0.7152, 0.0722), (c / 255 for c in colour)))
    return 255 * (12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055)


@functools.lru_cache
def deep_of(pixels):
    return Pixels(pixels.width, pixels.height, pixels.bands,
                  b"".join(bytes((v, (v * 7 + 3) % 256)) for v in pixels.data), deep=True)


def with_alpha(pixels, alpha):
    """`alpha`: a function of x and y."""
    data = bytearray()
    for n in range(pixels.width * pixels.height):
        data += pixels.data[n * pixels.bands:(n + 1) * pixels.bands]
        data.append(alpha(n % pixels.width, n // pixels.width))
    return Pixels(pixels.width, pixels.height, pixels.bands + 1, bytes(data))


# --- PNG ---

def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def png_rows(p, left=0, top=0, across=1, down=1):
    size = p.bands * (2 if p.deep else 1)
    rows = b""
    for y in range(top, p.height, down):
        row = p.data[y * p.width * size:(y + 1) * p.width * size]
        if across > 1 or left:
            row = b"".join(row[x * size:(x + 1) * size] for x in range(left, p.width, across))
        if row:
            rows += b"\0" + row
    return rows


def png(p, *, interlaced=False, palette=None, extra=b"", frames=()):
    """`palette`: PLTE's bytes, the pixels being indices. `extra`: chunks before the data. `frames`:
    more pictures of the same size, which make it animated."""
    colour = 3 if palette else {1: 0, 2: 4, 3: 2, 4: 6}[p.bands]
    header = struct.pack(">IIBBBBB", p.width, p.height, 16 if p.deep else 8, colour, 0, 0, int(interlaced))
    rows = b"".join(png_rows(p, *step) for step in ADAM7) if interlaced else png_rows(p)
    out = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    if palette:
        out += chunk(b"PLTE", palette)
    out += extra
    sequence = 0

    def control(n):
        return chunk(b"fcTL", struct.pack(">IIIIIHHBB", n, p.width, p.height, 0, 0, 1, 10, 0, 0))

    if frames:
        out += chunk(b"acTL", struct.pack(">II", 1 + len(frames), 0)) + control(0)
        sequence = 1
    out += chunk(b"IDAT", zlib.compress(rows, 6))
    for frame in frames:
        data = struct.pack(">I", sequence + 1) + zlib.compress(png_rows(frame), 6)
        out += control(sequence) + chunk(b"fdAT", data)
        sequence += 2
    return out + chunk(b"IEND", b"")


# --- GIF ---

def gif_codes(indices):
    """LZW that never learns: a clear code before the code size would grow."""
    out, held, count = bytearray(), 0, 0

    def put(code):
        nonlocal held, count
        held |= code << count
        count += 9
        while count >= 8:
            out.append(held & 255)
            held >>= 8
            count -= 8

    for n, index in enumerate(indices):
        if n % 200 == 0:
            put(256)
        put(index)
    put(257)
    if count:
        out.append(held & 255)
    return b"".join(bytes([len(out[i:i + 255])]) + bytes(out[i:i + 255]) for i in range(0, len(out), 255)) + b"\0"


def gif(frames, palette, *, delay=10, transparent=None):
    """`frames`: Pixels of indices into the palette, a list of colours."""
    first = frames[0]
    table = b"".join(map(bytes, palette)).ljust(3 * 256, b"\0")
    out = b"GIF89a" + struct.pack("<HHBBB", first.width, first.height, 0xF7, 0, 0) + table
    if len(frames) > 1:
        out += b"!\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0"
    for frame in frames:
        flags = 4 | (transparent is not None)
        out += b"!\xF9\x04" + struct.pack("<BHB", flags, delay, transparent or 0) + b"\0"
        out += b"," + struct.pack("<HHHHB", 0, 0, frame.width, frame.height, 0) + b"\x08"
        out += gif_codes(frame.data)
    return out + b";"


def index_quarters(width, height, indices=(0, 1, 2, 3)):
    return quarters(width, height, tuple((i,) for i in indices))


# --- BMP and ICO ---

def bmp_rows(p, bits, up=True):
    rows = []
    for y in range(p.height):
        row = bytearray()
        for x in range(p.width):
            colour = p.at(x, y)
            if bits == 8:
                row += bytes(colour)
            elif bits == 16:
                row += struct.pack("<H", colour[0] >> 3 << 10 | colour[1] >> 3 << 5 | colour[2] >> 3)
            else:
                row += bytes((colour[2], colour[1], colour[0]))
                if bits == 32:
                    row.append(colour[3] if p.bands == 4 else 0)
        rows.append(bytes(row) + b"\0" * (-len(row) % 4))
    return b"".join(reversed(rows) if up else rows)


def bmp(p, bits=24, *, palette=None, up=True, core=False, rle=None):
    """`palette`: a list of colours, the pixels being indices; `rle`: RLE8 data in their place."""
    if core:
        header = struct.pack("<IHHHH", 12, p.width, p.height, 1, bits)
        table = b"".join(bytes((b, g, r)) for r, g, b in palette or ()).ljust(768 if palette else 0, b"\0")
    else:
        header = struct.pack("<IiiHHIIiiII", 40, p.width, p.height if up else -p.height, 1, bits,
                             1 if rle else 0, 0, 2835, 2835, len(palette or ()), 0)
        table = b"".join(bytes((b, g, r, 0)) for r, g, b in palette or ())
    data = rle if rle else bmp_rows(p, bits, up)
    start = 14 + len(header) + len(table)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + header + table + data


def rle8(p):
    out = b""
    for y in reversed(range(p.height)):
        row = p.data[y * p.width:(y + 1) * p.width]
        x = 0
        while x < p.width:
            run = 1
            while run < 255 and x + run < p.width and row[x + run] == row[x]:
                run += 1
            out += bytes((run, row[x]))
            x += run
        out += b"\0\0"
    return out + b"\0\1"


def icon_dib(p, bits=32):
    header = struct.pack("<IiiHHIIiiII", 40, p.width, 2 * p.height, 1, bits, 0, 0, 0, 0, 0, 0)
    mask = bytearray()
    for y in reversed(range(p.height)):
        row = bytearray((p.width + 31) // 32 * 4)
        for x in range(p.width):
            if p.bands == 4 and p.at(x, y)[3] < 128:
                row[x // 8] |= 128 >> x % 8
        mask += row
    return header + bmp_rows(p, bits) + bytes(mask)


def ico(pictures):
    """`pictures`: (width, height, bits, bytes)."""
    out, at = struct.pack("<HHH", 0, 1, len(pictures)), 6 + 16 * len(pictures)
    for width, height, bits, data in pictures:
        out += struct.pack("<BBBBHHII", width % 256, height % 256, 0, 0, 1, bits, len(data), at)
        at += len(data)
    return out + b"".join(data for _, _, _, data in pictures)


# --- JPEG's segments ---

def jpeg_insert(jpeg, marker, data):
    """A segment right behind the start."""
    return jpeg[:2] + bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data + jpeg[2:]


def jpeg_segments(jpeg):
    """(marker, start, end) up to the scan."""
    at = 2
    while jpeg[at + 1] != 0xDA:
        size = struct.unpack(">H", jpeg[at + 2:at + 4])[0]
        yield jpeg[at + 1], at, at + 2 + size
        at += 2 + size


def jpeg_without(jpeg, marker):
    out, at = b"", 0
    for found, start, end in jpeg_segments(jpeg):
        if found == marker:
            out, at = out + jpeg[at:start], end
    return out + jpeg[at:]


def exif(orientation):
    return b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 274, 3, 1, orientation, 0, 0)


@functools.lru_cache
def turned(p, orientation):
    """The pixels as a camera stores them that is held so (Exif 2.3, section 4.6.4): what `orientation`
    says must be done to them gives `p` again."""
    def source(x, y, width, height):
        return {1: (x, y), 2: (width - 1 - x, y), 3: (width - 1 - x, height - 1 - y), 4: (x, height - 1 - y),
                5: (y, x), 6: (width - 1 - y, x), 7: (width - 1 - y, height - 1 - x),
                8: (y, height - 1 - x)}[orientation]
    width, height = (p.height, p.width) if orientation > 4 else (p.width, p.height)
    data = b"".join(bytes(p.at(*source(x, y, p.width, p.height))) for y in range(height) for x in range(width))
    return Pixels(width, height, p.bands, data)


# --- Colour profiles ---

ADOBE_RGB = ((0.60974, 0.20528, 0.14919), (0.31111, 0.62567, 0.06322), (0.01947, 0.06087, 0.74457))
WIDE = ((0.5151, 0.2920, 0.1571), (0.2412, 0.6922, 0.0666), (-0.0011, 0.0419, 0.7841))  # as Display P3
SRGB = ((0.43607, 0.38515, 0.14307), (0.22249, 0.71687, 0.06061), (0.01392, 0.09708, 0.71410))
GAMMA = 2.2


def profile(matrix):
    """A version 2 profile: three primaries (in the D50 white's XYZ) and a gamma."""
    def xyz(values):
        return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(v * 65536)) for v in values)

    name = b"made for a test"
    tags = {b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(name) + 1) + name + b"\0" + b"\0" * 78,
            b"cprt": b"text\0\0\0\0none\0\0\0\0", b"wtpt": xyz((0.9642, 1, 0.8249))}
    for n, letter in enumerate(b"rgb"):
        tags[bytes([letter]) + b"XYZ"] = xyz([row[n] for row in matrix])
        tags[bytes([letter]) + b"TRC"] = b"curv\0\0\0\0" + struct.pack(">IHxx", 1, round(GAMMA * 256))
    at, table, data = 128 + 4 + 12 * len(tags), b"", b""
    for key, value in tags.items():
        value += b"\0" * (-len(value) % 4)
        table += key + struct.pack(">II", at + len(data), len(value))
        data += value
    body = struct.pack(">I", len(tags)) + table + data
    head = struct.pack(">I4sI4s4s4s", 128 + len(body), b"\0\0\0\0", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28
    head += b"".join(struct.pack(">i", round(v * 65536)) for v in (0.9642, 1, 0.8249))
    return head.ljust(128, b"\0") + body


def to_srgb(colour, matrix):
    """What a colour of such a profile is in sRGB."""
    linear = [(c / 255) ** GAMMA for c in colour]
    xyz = [sum(row[n] * linear[n] for n in range(3)) for row in matrix]
    (a, b, c), (d, e, f), (g, h, i) = SRGB
    det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    inverse = ((e * i - f * h, c * h - b * i, b * f - c * e), (f * g - d * i, a * i - c * g, c * d - a * f),
               (d * h - e * g, b * g - a * h, a * e - b * d))
    out = []
    for row in inverse:
        v = max(0, min(1, sum(row[n] * xyz[n] for n in range(3)) / det))
        out.append(255 * (12.92 * v if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055))
    return tuple(out)


# --- By libvips's program ---

def vips(*args, cwd=None):
    result = subprocess.run(["vips", *map(str, args)], capture_output=True, text=True, cwd=cwd)
    if result.returncode != 0:
        raise AssertionError(f"vips {args}: {result.stderr}")


def convert(t, pixels, name, options="", operation=("copy",)):
    """The pixels as a file of the kind that its name says; its bytes."""
    source = pixels if isinstance(pixels, bytes) else png(pixels)
    t.file("source.png", source)
    vips(*operation[:1], "source.png", name + options, *operation[1:], cwd=t.dir)
    return (t.dir / name).read_bytes()


def decoded(t, path):
    """A picture as libvips decodes it."""
    vips("copy", path, "pixels.v", cwd=t.dir)
    data = (t.dir / "pixels.v").read_bytes()  # its own format: a header of 64 bytes, the pixels, XML
    width, height, bands = struct.unpack("=iii", data[4:16])
    return Pixels(width, height, bands, data[64:64 + width * height * bands])


def field(path, name):
    return subprocess.run(["vipsheader", "-f", name, path], capture_output=True, text=True).stdout.strip()

"""The expectations of feedparser's tests, which stand in a comment at the head of each feed, against what
chapbook reads. Values are compared as plain text: chapbook keeps titles and tags so."""

import ast
import datetime
import email.utils
import html
import re

LITERAL = r"""(?:u?'(?:\\.|[^'\\])*'|u?"(?:\\.|[^"\\])*"|None)"""
EXPECTED = re.compile(r"""entries\[(\d)\](?:\[['"](\w+)['"]\]|\.(\w+))((?:\[\d\]|\[['"]\w+['"]\]|\.\w+)*)"""
                      rf"\s*==\s*({LITERAL})")
FIELDS = ("title", "link", "author", "content", "summary", "dates", "tags", "id", "base", "language")


def expectations(data):
    """(number of the entry, name, names below it, value) of each comparison in the comment."""
    m = re.search(rb"Expect:\s*(.*?)\s*(?:-->|\n\n)", data, re.S)
    for x in EXPECTED.finditer(m[1].decode("utf-8", "replace") if m else ""):
        yield int(x[1]), x[2] or x[3], re.findall(r"\d|[a-z_]+", x[4]), ast.literal_eval(x[5].removeprefix("u"))


def plain(text):
    text = re.sub(r"<!--.*?-->", "", text or "", flags=re.S)
    text = re.sub(r"</?[a-zA-Z][^>]*>", "", text)
    return " ".join(html.unescape(html.unescape(text)).split())


def is_same_day(ours, theirs):
    try:
        time = email.utils.parsedate_to_datetime(theirs)
    except (TypeError, ValueError):
        time = datetime.datetime.fromisoformat(theirs.replace("Z", "+00:00"))
    if time.tzinfo:
        time = time.astimezone(datetime.timezone.utc)
    return (ours or "").startswith(time.strftime("%Y-%m-%d"))


def nth(items, n):
    return items[n] if n < len(items) else None


def compare(entry, name, below, wanted):
    """(field, whether it is right, what chapbook has); None: chapbook has no such field."""
    last = below[-1:] and below[-1]
    if name == "title" or (name == "title_detail" and last == "value"):
        return "title", plain(wanted) == plain(entry.get("title")), entry.get("title")
    if name == "link" and not below:
        return "link", (entry.get("link") or "") == wanted, entry.get("link")
    if name in ("id", "guid"):
        return "id", entry.get("id") == wanted, entry.get("id")
    if (name == "author" and not below) or (name in ("author_detail", "authors") and last == "name"):
        author = nth(entry.get("authors", []), int(below[0]) if name == "authors" else 0)
        return "author", (author or "") == re.sub(r"\s*\(?<?[\w.]+@[\w.]+>?\)?", "", wanted).strip(" ()"), author
    if name == "content" and last == "value":
        return "content", plain(wanted) == plain(entry.get("content")), entry.get("content")
    if name in ("content", "summary_detail") and last in ("base", "language"):
        return last, entry.get(last) == wanted, entry.get(last)
    if name in ("summary", "description") or (name == "summary_detail" and last == "value"):
        texts = {plain(entry.get("summary")), plain(entry.get("content"))}
        return "summary", plain(wanted) in texts, texts
    if name in ("published", "created", "updated"):
        date = entry.get("updated" if name == "updated" else "published")
        return "dates", is_same_day(date, wanted), date
    if name == "category" or (name == "tags" and last == "term"):
        tag = nth(entry.get("tags", []), int(below[0]) if name == "tags" else 0)
        return "tags", tag == wanted, tag
    return None

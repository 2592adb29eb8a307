"""What is said of an article is found in every format by the same rules, and nothing else is taken for it."""

import re

import epub
from web import png

PROSE = ["The ferry has crossed the harbour for a hundred years, and it has never been late once, not even in fog.",
         "Each morning the captain counts the steps to the bridge, and each evening he counts them down again.",
         "People who live on the island set their clocks by its horn, although the horn has been out of tune."]


def page(body, head="", lang="en"):
    return (f'<!DOCTYPE html><html lang="{lang}"><head><title>Ferry</title>{head}</head><body><article><h1>Ferry</h1>\n'
            f"{body}</article></body></html>")


def convert(t, name, source, *args):
    t.file(name, source)
    t.ok("-q", "--cover", "none", "-o", "book.epub", *args, name)
    t.keep(t.dir / "book.epub", f"facts-{t.name.split('/')[-1]}-{name.replace('.', '-')}")
    book = epub.Epub(t.dir / "book.epub")
    own = r'(?s)<header class="opening">.*?</header>|<footer class="end-matter">.*?</footer>'  # what the book itself says
    return book, re.sub(own, "", "".join(book.read(c).decode() for c in book.chapters()))


def facts(book):
    """Captions and credits."""
    return {"captions": [text for _, text in book.metas("schema:caption")],
            "credits": [text for _, text in book.metas("schema:creditText")]}


DATES = ["<figure><img src='a.png' alt='x'><figcaption>The bridge on 5 May 1987. Photo: Anna Berg</figcaption></figure>",
         f"<p>The last bridge was built on 9 August 1911.</p>",
         f"<blockquote><p>9 August 1911</p></blockquote>", "<table><tr><th>Built</th><td>9 August 1911</td></tr></table>",
         f"<p>9 August 1911</p><p>{PROSE[0]} {PROSE[1]}</p>", "<ul><li>9 August 1911</li><li>10 August 1911</li></ul>",
         "<figure><img src='a.png' alt='x'><figcaption><time datetime='1987-05-05'>5 May 1987</time></figcaption></figure>"]


def test_dates_in_the_text(t):
    """A date in a caption, list, table, quotation or sentence is not the date of publication."""
    t.file("a.png", png(60, 50))
    for i, code in enumerate(DATES):
        body = f"<p>{PROSE[0]} {PROSE[1]}</p>{code}<p>{PROSE[1]} {PROSE[2]}</p><p>{PROSE[2]} {PROSE[0]}</p>"
        book, _ = convert(t, f"{i}.html", page(body))
        t.equal(book.dc("date"), [], code)
        book, _ = convert(t, f"said-{i}.html", page("<p>Published 2 July 2021</p>" + body))
        t.equal(book.dc("date"), ["2021-07-02"], f"labelled, before {code}")
    book, _ = convert(t, "beside.html", page("<p>By Ann Brown</p><p>2 July 2021</p>" + "".join(f"<p>{p}</p>" for p in PROSE)))
    t.equal(book.dc("date"), ["2021-07-02"], "beside the byline")


WRAPPERS = ["<div class='asset'><img src='a.png'><p class='image-credit-wrap'><span class='cutline js-caption'>{c}</span> "
            "<span class='credit'>({n})</span></p></div>",
            "<figure><img src='a.png'><figcaption><div class='media-credits-wrapper'><div class='media-caption'>{c}</div>"
            "<div class='media-credits'>{n}</div></div></figcaption></figure>",
            "<figure><img src='a.png'><figcaption class='photo-credit'>{c} <span class='credit'>{n}</span></figcaption></figure>",
            "<figure><img src='a.png'><div class='credit-box'><p class='caption'>{c}</p><p class='credit'>{n}</p></div></figure>",
            "<figure><img src='a.png'><figcaption><span class='credits-and-caption'>{c} <em class='credit'>{n}</em></span></figcaption></figure>"]


def test_credit_wrappers(t):
    """The innermost element named after the credit is the credit; what else its box holds is the caption."""
    t.file("a.png", png(60, 50))
    for i, box in enumerate(WRAPPERS):
        code = box.format(c="A tram in the fog at noon.", n="Photo: Mika Kristo, AP")
        book, _ = convert(t, f"{i}.html", page(f"<p>{PROSE[0]}</p>{code}<p>{PROSE[1]}</p><p>{PROSE[2]}</p>"))
        t.equal(facts(book)["captions"], ["A tram in the fog at noon."], code)
        t.equal(facts(book)["credits"], ["Mika Kristo, AP"], code)


FILES = ["IMG_0042", "IMG_0042.JPG", "DSC_0001.jpg", "Screenshot 2024-01-01 at 10.00.00.png", "Screenshot 2024-01-01 at 10.00.00",
         "image-BK7ECN82.jpg", "alt", "image", "Untitled", "https://example.org/photo-1024x768.jpg", "a.png", "PXL_20230101_101010",
         "WhatsApp Image 2023-01-01 at 10.00.00", "Photo 3", "Bild 2", "photo"]


def test_file_names(t):
    """Names of files are neither captions nor alternative texts nor entries of the list of photos."""
    t.file("a.png", png(60, 50))
    for i, name in enumerate(FILES):
        sources = {"alt.html": page(f"<p>{PROSE[0]}</p><figure><img src='a.png' alt='{name}'></figure><p>{PROSE[1]}</p>"),
                   "cap.html": page(f"<p>{PROSE[0]}</p><figure><img src='a.png'><figcaption>{name}</figcaption></figure><p>{PROSE[1]}</p>"),
                   "alt.md": f"# Ferry\n\n![{name}](a.png)\n\n{PROSE[0]}\n",
                   "cap.md": f'# Ferry\n\n![](a.png "{name}")\n\n{PROSE[0]}\n'}
        for kind, source in sources.items():
            book, chapters = convert(t, f"{i}-{kind}", source)
            nav = book.read(book.path("nav.xhtml")).decode()
            t.true("<figcaption" not in chapters, f"{kind}: {name}: caption")
            t.true(f'alt="{name}"' not in chapters, f"{kind}: {name}: alt")
            t.true(">Photo 1<" in nav or 'epub:type="loi"' not in nav, f"{kind}: {name}: list")
    for i, words in enumerate(("Photographs of a pier", "Screenshot of the menu with the new button", "Image of the moon", "Bilder einer Fähre")):
        _, chapters = convert(t, f"words-{i}.md", f'# Ferry\n\n![{words}](a.png "{words} at night")\n\n{PROSE[0]}\n')
        t.true(f'alt="{words}"' in chapters and f"{words} at night</figcaption>" in chapters, words)


ARTICLE = {"title": "The ferry and the horn", "standfirst": "A boat that has never been late, and an island that sets its clocks by it.",
           "byline": "By Ann Brown", "date": "July 2, 2021", "caption": "The ferry at the pier on March 29 (Photo/Xinhua)",
           "bio": "Ann Brown is a reporter in Lima, and the author of two books about boats."}


def article(kind, **without):
    """One article as text, Markdown or a plain page."""
    a = {**ARTICLE, **without}
    blocks = [a["standfirst"], a["byline"], a["date"], PROSE[0] + " " + PROSE[1], ("h", "Global ties"), PROSE[1] + " " + PROSE[2],
              a["caption"], PROSE[2] + " " + PROSE[0], a["bio"]]
    blocks = [b for b in blocks if b]
    if kind == "html":
        return (f'<!DOCTYPE html><html lang="en"><title>{a["title"]}</title><body><article><h1>{a["title"]}</h1>' +
                "".join(f"<h2>{b[1]}</h2>" if isinstance(b, tuple) else f"<p>{b}</p>" for b in blocks) + "</article></body></html>")
    mark = ("# ", "## ") if kind == "md" else ("", "")
    return "\n\n".join([mark[0] + a["title"]] + [mark[1] + b[1] if isinstance(b, tuple) else b for b in blocks]) + "\n"


def test_one_article_in_three_formats(t):
    """Text, Markdown and a plain page of one article give the same author, bio, date, caption and credit."""
    for kind in ("txt", "md", "html"):
        book, chapters = convert(t, f"article.{kind}", article(kind))
        bios = [text for _, text in book.metas("schema:description")]
        t.equal(book.dc("creator"), ["Ann Brown"], f"{kind}: author")
        t.equal(book.dc("date"), ["2021-07-02"], f"{kind}: date")
        t.equal(bios, [ARTICLE["bio"]], f"{kind}: bio")
        t.equal(facts(book)["captions"], ["The ferry at the pier on March 29"], f"{kind}: caption")
        t.equal(facts(book)["credits"], ["Xinhua"], f"{kind}: credit")
        t.true(ARTICLE["byline"] not in chapters and ARTICLE["bio"] not in "".join(re.findall("<p>.*?</p>", chapters)), f"{kind}: once")


MARKDOWN = [("**By Ann Brown**\n\n*July 2, 2021*", "emphasised"), ("By Ann Brown\nJuly 2, 2021", "two lines of a paragraph"),
            ("By [Ann Brown](https://example.org/ann)\n\nJuly 2, 2021", "linked"), ("By Ann Brown | July 2, 2021", "one line"),
            ("*By Ann Brown*  \n*Published July 2, 2021*", "hard line break")]


def test_markdown_heads(t):
    """Bylines of Markdown, however they are set; the author's page is kept."""
    for i, (head, what) in enumerate(MARKDOWN):
        book, chapters = convert(t, f"{i}.md", f"# Ferry\n\n{head}\n\n" + "\n\n".join(PROSE) + "\n")
        t.equal(book.dc("creator"), ["Ann Brown"], what)
        t.equal(book.dc("date"), ["2021-07-02"], what)
        t.true("Ann Brown" not in chapters, f"{what}: once")
    book, _ = convert(t, "linked.md", f"# Ferry\n\n{MARKDOWN[2][0]}\n\n" + "\n\n".join(PROSE) + "\n")
    t.true("https://example.org/ann" in book.read(book.chapters()[0]).decode(), "the author's page")


def test_markdown_front_matter_overrules(t):
    """Front matter takes precedence; a bio is given to the author that it names."""
    book, chapters = convert(t, "a.md", '---\nauthor: "Brown, Ann"\ndate: 2020-01-01\n---\n' + article("md"))
    t.equal(book.dc("date"), ["2020-01-01"], "date")
    t.equal(len(book.dc("creator")), 1, "authors")
    t.true("reporter in Lima" not in "".join(re.findall("<p>.*?</p>", chapters)), "bio")


def test_no_guess(t):
    """--no-guess leaves in the text what only its words identify, in every format."""
    for kind in ("txt", "md", "html"):
        book, chapters = convert(t, f"article.{kind}", article(kind), "--no-guess")
        t.equal(book.dc("creator"), [], f"{kind}: author")
        t.equal(book.dc("date"), [], f"{kind}: date")
        for line in ("byline", "date", "caption", "bio", "standfirst"):
            t.true(ARTICLE[line] in chapters, f"{kind}: {line}")
    meta = '<meta name="author" content="Eve Fox"><meta property="article:published_time" content="2020-05-06">'
    book, _ = convert(t, "meta.html", page("".join(f"<p>{p}</p>" for p in PROSE), meta), "--no-guess")
    t.equal((book.dc("creator"), book.dc("date")), (["Eve Fox"], ["2020-05-06"]), "metadata of a page")


def test_guesses_are_reported(t):
    """--explain reports each guess of Markdown."""
    t.file("a.md", article("md"))
    said = t.ok("--explain", "--cover", "none", "-o", "book.epub", "a.md").err.decode()
    for what in ("guess-title", "guess-author", "guess-date", "guess-caption", "guess-bio", "guess-standfirst"):
        t.true(f"[{what}]" in said, what)


LINES = {
    "en": ("The ferry", "Ann Brown", "Ann Brown is a reporter in Lima, and the author of two books.", PROSE[0]),
    "es": ("El barco", "Ana García", "Ana García es periodista en Lima y autora de dos libros.",
           "El barco ha cruzado el puerto durante cien años y nunca ha llegado tarde, ni siquiera con niebla, dicen todos."),
    "fr": ("Le bateau", "Anne Dubois", "Anne Dubois est journaliste à Lyon et autrice de deux livres.",
           "Le bateau traverse le port depuis cent ans et il n’a jamais été en retard, pas même dans le brouillard d’hiver."),
    "de": ("Die Fähre", "Anna Berger", "Anna Berger ist Journalistin in Wien und Autorin zweier Bücher.",
           "Die Fähre fährt seit hundert Jahren durch den Hafen, und sie ist nie zu spät gekommen, nicht einmal im Nebel."),
    "it": ("Il traghetto", "Anna Rossi", "Anna Rossi è giornalista a Roma e autrice di due libri.",
           "Il traghetto attraversa il porto da cento anni e non è mai stato in ritardo, nemmeno con la nebbia più fitta."),
    "pt": ("A balsa", "Ana Souza", "Ana Souza é jornalista em Lisboa e autora de dois livros.",
           "A balsa atravessa o porto há cem anos e nunca chegou atrasada, nem mesmo com nevoeiro, dizem os moradores."),
    "ru": ("Паром", "Иван Петров", "Иван Петров — журналист из Москвы, автор двух книг.",
           "Паром пересекает гавань уже сто лет, и он ни разу не опоздал, даже в самый густой туман, говорят жители."),
    "ar": ("العبّارة والبوق", "أحمد علي", "أحمد علي كاتب وصحفي مصري، وله كتابان عن البحر.",
           "تعبر العبّارة الميناء منذ مئة عام، ولم تتأخر مرة واحدة، حتى في الضباب الكثيف، كما يقول أهل الجزيرة كلهم."),
    "ja": ("渡し船と汽笛", "山田太郎", "山田太郎は横浜在住のジャーナリスト。著書に『港の百年』がある。",
           "渡し船は百年のあいだ港を渡り続け、一度も遅れたことがない。霧の深い朝でさえ、船長は時刻を守ってきた。島の人々はその汽笛に合わせて時計を直すのだという。"),
    "ko": ("나룻배와 고동", "김철수", "김철수는 서울대학교 교수이며 두 권의 책을 쓴 작가이다.",
           "나룻배는 백 년 동안 항구를 건넜고 한 번도 늦은 적이 없다. 안개가 짙은 아침에도 선장은 시간을 지켰다고 섬 사람들은 말한다."),
    "zh": ("渡船与汽笛", "张三", "张三，北京大学历史系教授，著有《港口百年》。",
           "渡船在港口往来了一百年，从来没有晚过一次，就连大雾的早晨船长也准时出发。岛上的人听着它的汽笛校准自己的钟表，这已经成了习惯。"),
}


def source(kind, title, blocks, lang="en"):
    if kind == "html":
        return (f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title></head><body><article>'
                f"<h1>{title}</h1>" + "".join(f"<p>{b}</p>" for b in blocks) + "</article></body></html>")
    return "\n\n".join([("# " if kind == "md" else "") + title, *blocks]) + "\n"


def test_closing_bios(t):
    """A closing bio names the author, in eleven languages and three formats."""
    for lang, (title, name, bio, prose) in LINES.items():
        for kind in ("txt", "md", "html"):
            book, _ = convert(t, f"{lang}.{kind}", source(kind, title, [f"{prose} {prose}"] * 3 + [bio], lang))
            t.equal(book.dc("creator"), [name], f"{lang} {kind}: author")
            t.equal([text for _, text in book.metas("schema:description")], [bio], f"{lang} {kind}: bio")


def test_no_closing_bios(t):
    """Last sentences that only begin like a bio are text."""
    for i, (lang, line) in enumerate((("ja", "政府は記者会見で新しい船を買うと述べた。"), ("zh", "政府，昨天在记者会上说要买新船。"),
                                      ("en", "Harbour Street is a quiet place again."), ("ko", "이제는 모두가 배를 기다린다."))):
        title, _, _, prose = LINES[lang]
        book, _ = convert(t, f"{i}.txt", source("txt", title, [f"{prose} {prose}"] * 3 + [line]))
        t.equal(book.dc("creator"), [], line)


def test_bio_of_two(t):
    """A bio that speaks of two authors is of each."""
    bio = "Ann Brown and Bob Gray are reporters in Lima."
    for kind in ("txt", "md", "html"):
        for byline in (["By Ann Brown and Bob Gray"], []):
            if kind == "html" and not byline:
                continue
            book, _ = convert(t, f"{len(byline)}.{kind}", source(kind, "The ferry", byline + [f"{PROSE[0]} {PROSE[1]}"] * 3 + [bio]))
            t.equal(book.dc("creator"), ["Ann Brown", "Bob Gray"], f"{kind}: authors")
            t.equal([text for _, text in book.metas("schema:description")], [bio, bio], f"{kind}: bios")


def test_name_under_the_title(t):
    """A name alone under the title, before prose, is the author; a heading is none."""
    names = [(lang, name) for lang, (_, name, _, _) in LINES.items() if lang != "ar"]
    names += [("ja", "山田 太郎"), ("zh", "欧阳修"), ("en", "J. R. Smith"), ("es", "Ana García Pérez")]
    for i, (lang, name) in enumerate(names):
        title, _, _, prose = LINES[lang]
        for kind in ("txt", "md"):
            book, _ = convert(t, f"{i}.{kind}", source(kind, title, [name, prose, f"{prose} {prose}"]))
            t.equal(book.dc("creator"), [name], f"{lang} {kind}: {name}")
    for i, (lang, heading, more) in enumerate((("en", "Global Ties", "These global ties matter to all of the people on the island."),
                                               ("zh", "研究背景", ""), ("ja", "問題提起", ""), ("ko", "서론", ""), ("en", "Introduction", ""))):
        title, _, _, prose = LINES[lang]
        book, chapters = convert(t, f"no-{i}.txt", source("txt", title, [heading, f"{prose} {more}", prose]))
        t.equal(book.dc("creator"), [], heading)
        t.true(heading in chapters, f"{heading}: kept")


def test_invisible_characters(t):
    """Soft hyphens, zero-width spaces, word joiners and byte order marks are in no title, name, caption or file name."""
    t.file("a.png", png(60, 50))
    for mark in "\u00AD\u200B\u2060\uFEFF":
        words = {"title": f"The fer{mark}ry", "author": f"Ann Bro{mark}wn", "caption": f"The pi{mark}er at dusk", "heading": f"Har{mark}bour"}
        html = (f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{words["title"]}</title><meta name="author" '
                f'content="{words["author"]}"></head><body><article><h1>{words["title"]}</h1><p>{PROSE[0]}</p><figure>'
                f'<img src="a.png" alt="A bo{mark}at"><figcaption>{words["caption"]}</figcaption></figure><h2>{words["heading"]}</h2>'
                f"<p>{PROSE[1]} Soft hy{mark}phens in prose are kept.</p><p>{PROSE[2]}</p></article></body></html>")
        md = (f'---\ntitle: "{words["title"]}"\nauthor: "{words["author"]}"\n---\n\n{PROSE[0]}\n\n![A bo{mark}at](a.png "{words["caption"]}")\n\n'
              f'## {words["heading"]}\n\n{PROSE[1]}\n')
        for name, text in (("a.html", html), ("a.md", md)):
            book, chapters = convert(t, name, text)
            for part in (book.read(book.opf_name), book.read(book.path("nav.xhtml")), "\n".join(book.opening()).encode()):
                t.true(mark not in part.decode(), f"U+{ord(mark):04X} in {name}")
            t.true("The pier at dusk" in chapters and 'alt="A boat"' in chapters, f"U+{ord(mark):04X}: {name}: caption")

"""Text that is not Unicode: languages, the charsets that they are written in, short texts."""

import json
import re

import epub
import web

# language: (charsets, texts). The first charset is the usual one.
TEXTS = {
    "en": (["cp1252", "mac_roman"], [
        "It’s a long way to the harbour, and the boat has left.",
        "José came back to the village in the spring.",
        "She was naïve, or so they said of her in town.",
        "The fare was £3, and the tea was free.",
        "“We leave at four,” said the captain — and they did.",
    ]),
    "de": (["cp1252", "iso8859-15", "cp850"], [
        "Die Fähre fährt um vier Uhr ab, und der Tee ist heiß.",
        "Das Wetter war schön.",
        "Er wohnt in der Straße am Hafen und ist nicht alt.",
    ]),
    "fr": (["cp1252", "iso8859-15", "mac_roman"], [
        "Le café était fermé, mais le bac est parti à l’heure.",
        "C’est là que le garçon est né.",
        "Sa sœur a vu le bateau dans la brume.",
    ]),
    "es": (["cp1252", "iso8859-15"], [
        "El niño salió de la casa por la mañana.",
        "¿Qué hora es? Es la una y el tren no ha llegado.",
    ]),
    "pt": (["cp1252"], ["A estação não fica longe, e o pão é bom."]),
    "it": (["cp1252"], ["La città è bella e il caffè è buono, perché no."]),
    "sv": (["cp1252"], ["Färjan går inte på söndag, och det är synd."]),
    "fi": (["cp1252"], ["Hän oli jo lähtenyt, kun lautta tuli."]),
    "nl": (["cp1252"], ["De overtocht was geannuleerd, want een veerman was ziek: zo’n dag."]),
    "pl": (["cp1250", "iso8859-2", "cp852"], [
        "Nie wiem, czy się to uda, ale łódź już odpłynęła.",
        "Żółte światło było widać z daleka.",
        "Jest już późno, a prom jeszcze nie przypłynął.",
    ]),
    "cs": (["cp1250", "iso8859-2"], [
        "Přívoz pluje přes řeku už sto let a nikdy nepřijel včas.",
        "Byl to dobrý člověk, ale nikdo ho neměl rád.",
    ]),
    "hu": (["cp1250", "iso8859-2"], ["A komp már száz éve köti össze a két partot, és soha nem érkezik időben."]),
    "hr": (["cp1250"], ["Što će biti s brodom, ako ne dođe na vrijeme?"]),
    "tr": (["cp1254"], [
        "Vapur yüz yıldır iki yakayı bağlıyor ve hiç zamanında gelmedi.",
        "Bu akşam hava çok güzel, ama rüzgâr için şapka gerekir.",
    ]),
    "lt": (["cp1257"], ["Keltas jau šimtą metų plaukia per upę ir niekada neatvyksta laiku, bet žmonės nesiskundžia."]),
    "ru": (["cp1251", "koi8-r", "cp866", "iso8859-5", "mac_cyrillic"], [
        "Паром соединяет два берега гавани уже больше ста лет.",
        "Старая лавка у реки.",
        "Это было давно, и никто не помнит, как его звали.",
        "Весна.",
        "Он сказал: «Я не поеду» — и ушёл.",
    ]),
    "uk": (["cp1251", "koi8-u"], ["Пором з’єднує два береги вже понад сто років, і ніхто не скаржиться."]),
    "bg": (["cp1251"], ["Корабът свързва двата бряга от сто години и никога не е пристигал навреме."]),
    "el": (["cp1253", "iso8859-7"], [
        "Το πλοίο ενώνει τις δύο όχθες του λιμανιού εδώ και εκατό χρόνια.",
        "Καλημέρα σας, είπε ο καπετάνιος.",
    ]),
    "he": (["cp1255", "iso8859-8"], [
        "המעבורת מחברת בין שתי הגדות של הנמל כבר יותר ממאה שנה.",
        "הוא אמר שלא יבוא, והלך אל הים.",
    ]),
    "ar": (["cp1256", "iso8859-6"], [
        "تربط العبارة بين ضفتي الميناء منذ أكثر من مئة عام ولم تصل قط في موعدها.",
        "قال إن الرحلة كانت طويلة من المدينة إلى البحر.",
    ]),
    "th": (["cp874"], ["เรือข้ามฟากเชื่อมสองฝั่งของท่าเรือมานานกว่าร้อยปีแล้ว"]),
    "ja": (["shift_jis", "euc_jp"], [
        "渡し船は港の両岸を結んでいる。",
        "お茶が熱い。",
        "彼は昨日、東京へ行ったと言った。",
        "コーヒーを飲む",
    ]),
    "zh-Hans": (["gbk", "gb18030"], [
        "渡船连接着海港的两岸。",
        "他说：“书是会呼吸的。”",
        "春天来了",
        "去年春天，市议会投票决定用一座大桥取代它。",
    ]),
    "zh-Hant": (["big5"], [
        "渡船連接著海港的兩岸。",
        "他說：「書是會呼吸的。」",
        "春天來了",
        "去年春天，市議會投票決定用一座大橋取代它。",
    ]),
    "ko": (["euc_kr", "cp949"], [
        "나룻배는 백 년 넘게 항구의 두 기슭을 이어 왔다.",
        "봄이 왔다.",
        "그는 어제 서울에 갔다고 말했다.",
    ]),
}


FORMATS = {"txt": "text", "md": "markdown", "html": "html"}


def words_of(t, name):
    """All that a book would have of it: the article and what is known of it."""
    kind = FORMATS[name.rpartition(".")[2]]
    words = t.ok("extract", "-f", kind, name).out + t.ok("extract", "-f", kind, "--json", name).out
    text = re.sub(r"<[^>]*>", "", words.decode())
    return re.sub(r"\s+", " ", text)


def test_c1_controls(t):
    """U+0092 and its like, left where Windows-1252 was taken for ISO 8859-1."""
    said = "It\x92s \x93longer\x94 \x97 and costs \x80 5\x85"
    right = "It’s “longer” — and costs € 5…"
    t.file("a.txt", f"The\x92 title\n\n{said}\n")
    t.file("a.md", f"---\ntitle: The\x92 title\n---\n{said} &#146;x&#x92;\n")
    t.file("a.html", f"<meta charset=utf-8><title>The\x92 title</title><meta name=author content='O\x92Hara'>"
                     f"<p>{said}</p><p>{'The harbour is quiet. ' * 12}</p>")
    for name in ("a.txt", "a.md", "a.html"):
        result = t.chapbook("extract", "--json", "-f", FORMATS[name[2:]], name)
        t.equal(result.err, b"", "nothing is lost")
        t.equal(json.loads(result.out)["title"], "The’ title", name)
        t.true(right in words_of(t, name), f"{name}: {words_of(t, name)}")
    t.true("O’Hara" in words_of(t, "a.html"), "metadata")
    t.true("’x’" in words_of(t, "a.md"), "character references")


def test_adding_a_sentence(t):
    """A language that was detected is still detected when the text grows."""
    sentences = ["Каждое утро хозяин открывал лавку ещё до восхода солнца.",
                 "Расставлял книги по деревянным полкам, одну за другой.",
                 "Вечером возвращался домой, рассказывал жене о покупателях из города.",
                 "Зимой торговля замирала, улица пустела, снег лежал до марта."]
    for count in range(1, 5):
        t.file("a.txt", "Старая лавка\n\n" + " ".join(sentences[:count]) + "\n")
        t.equal(json.loads(t.ok("extract", "-f", "text", "--json", "a.txt").out).get("language"), "ru", f"{count} sentences")


def test_known_language_comes_first(t):
    """The charset of the language that the user or the page names."""
    t.file("a.txt", "A\n\nŻółć.\n".encode("cp1250"))
    t.ok("-q", "--lang", "pl", "--cover", "none", "-o", "a.epub", "a.txt")
    t.true("Żółć.".encode() in epub.Epub(t.dir / "a.epub").read("EPUB/chapter-1.xhtml"), "--lang pl")
    t.file("a.html", "<html lang=pl><title>A</title><p>Żółć.</p>".encode("cp1250"))
    t.true("Żółć." in words_of(t, "a.html"), "lang=pl")
    t.file("pl.yaml", "lang: pl\n")
    for name, front, *options in (("a.txt", "---\nlang: pl\n---\n\n"), ("a.md", "---\r\nauthor: Żak\r\nlanguage: pl\r\n---\r\n\r\n# A\n\n"),
                                  ("b.md", "+++\nlang = 'pl'\n+++\n\n# A\n\n"), ("c.md", "Title: A\nLanguage: pl\n\n"),
                                  ("d.md", "# A\n\n", "--metadata-file", "pl.yaml")):
        t.file(name, (front + "Żółć.\n").encode("cp1250"))
        t.ok("-q", *options, "-o", "a.epub", name)
        book = epub.Epub(t.dir / "a.epub")
        t.true("Żółć." in book.read("EPUB/chapter-1.xhtml").decode(), f"{name}: {book.read('EPUB/chapter-1.xhtml').decode()}")
        t.equal(book.dc("creator"), ["Żak"] if "Żak" in front else [], name)


def test_server_and_page_disagree(t):
    """The page's declaration wins where its text reads better so."""
    text = "清晨的雾还没有散去，河边的旧书店已经开了门，老板把木板一块一块地卸下来，靠在墙边。"
    french = "Le café était fermé, mais le bac est parti à l’heure, et le thé était très chaud."

    def page(charset, words):
        return f"<meta charset={charset}><title>A</title><p>{words}</p>".encode(charset)
    bodies = {"/gbk": (page("gbk", text), "windows-1252"), "/french": (page("windows-1252", french), "gb2312"),
              "/right": (page("windows-1252", french).replace(b"charset=windows-1252", b"charset=koi8-r"),
                         "windows-1252"),
              "/lang": (b"<html lang=zh-CN>" + page("gbk", text), "iso-8859-1"),
              "/undeclared": (b"<html lang=zh-CN>" + page("gbk", text).replace(b"<meta charset=gbk>", b""), "windows-1252")}
    with web.Server() as s:
        for path, (body, charset) in bodies.items():
            s.files[path] = web.Answer(body, f"text/html; charset={charset}")
        for path, words, warned in (("/gbk", text, True), ("/french", french, True), ("/right", french, False), ("/lang", text, True),
                                    ("/undeclared", text, True)):
            result = t.chapbook("extract", s.url(path))
            t.true(words in result.out.decode(), f"{path}\n{result.out.decode()}")
            t.equal(b"[charset-wrong]" in result.err, warned, f"{path}: warning\n{result}")


def cases_of(language, charset, texts):
    def run(t):
        for number, text in enumerate(texts):
            try:
                encoded = text.encode(charset)
            except UnicodeEncodeError:
                encoded = None  # a letter or a sign that the charset does not have
            if encoded is None or (charset == "mac_cyrillic" and len(text) < 10):
                continue
            for kind, bytes_ in (("txt", b"A\n\n" + encoded + b"\n"), ("md", b"# A\n\n" + encoded + b"\n"),
                                 ("html", b"<html><title>A</title><p class='x'>" + encoded + b"</p>")):
                t.file(f"{number}.{kind}", bytes_)
                found = words_of(t, f"{number}.{kind}")
                t.true(text in found, f"{language} in {charset}, {kind}: {text}\nread as: {found}")
    return run


def cases():
    found = [(f"charset-{language}-{charset}", cases_of(language, charset, texts))
             for language, (charsets, texts) in TEXTS.items() for charset in charsets]
    return found + [(f"charset-{name[5:].replace('_', '-')}", value) for name, value in globals().items()
                    if name.startswith("test_")]

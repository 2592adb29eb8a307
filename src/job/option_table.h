/* Every option, once: the program's parser, --help, the files of defaults and the completions of
 * the shells are made of this table, and so is chapbook_job_set(). Tests hold the man page to it.
 *
 *   OPTION_GROUP(heading of the options that follow, in --help)
 *   OPTION_OF_JOB(NAME, how the library takes it)
 *   OPTION_OF_PROGRAM(NAME, how the program takes it)
 *   OPTION_OF_BOTH(NAME, (how the program takes it), how the library takes it)
 *   OPTION_OF_LIBRARY(key, how the library takes it): a key that is no option of the program
 *
 * NAME: name, letter or 0, argument, values, commands, help
 *   argument  name of the value; NULL: none, the option is a flag; "[=...]": it may be left out
 *   values    that completions offer, separated by spaces; those that begin with a dot are endings
 *             of file names. NULL: files or folders for FILE, LIST and DIR, else none
 *   commands  that have it (cli/cli.h)
 * How it is taken: a function of job/options.c or cli/options.c, the field that it sets, and for
 * numbers the least value, the largest and what an error message says is wanted.
 * A file that includes this defines the macros first. No include guard: this is a table. */

/* clang-format off */

OPTION_GROUP("Output")
OPTION_OF_PROGRAM("output", 'o', "FILE", NULL, CONVERT, "write to this file, folder (final /) or - (standard output)", take_text, IN_ARGS(output))
OPTION_OF_JOB("force", 0, NULL, NULL, CONVERT, "let -o replace a file that is not an EPUB", set_flag, IN_JOB(force))
OPTION_OF_JOB("ascii-names", 0, NULL, NULL, CONVERT, "file names in ASCII: titles are transliterated", set_flag, IN_JOB(ascii_names))
OPTION_OF_PROGRAM("to-dir", 0, "DIR", NULL, CONVERT, "write the package unzipped into an empty folder", take_text, IN_ARGS(to_dir))
OPTION_OF_PROGRAM("again", 0, NULL, NULL, CONVERT, "make all books of the folder again", take_flag, IN_ARGS(again))
OPTION_OF_PROGRAM("retry-failed", 0, NULL, NULL, CONVERT, "try again what failed before for a lasting reason", take_flag, IN_ARGS(retry_failed))
OPTION_OF_PROGRAM("state", 0, "FILE", NULL, CONVERT, "record of what was made (default: .chapbook.jsonl in the folder)", take_text, IN_ARGS(state))
OPTION_OF_PROGRAM("dir", 'd', "DIR", NULL, EXTRACT, "write NAME.html and NAME.json of each page here", take_text, IN_ARGS(dir))

OPTION_GROUP("Input")
OPTION_OF_BOTH("from", 'f', "FORMAT", "text markdown html", READ, "text, markdown or html (default: detected)", (take_text, IN_ARGS(from)), set_from)
OPTION_OF_JOB("charset", 0, "NAME", "UTF-8 UTF-16 ISO-8859-1 WINDOWS-1252 GB18030 BIG5 SHIFT_JIS EUC-JP EUC-KR KOI8-R", READ, "the input's charset (default: detected)", set_text, IN_JOB(charset))
OPTION_OF_JOB("smart", 0, NULL, NULL, READ, "curly quotation marks, dashes and ellipses for \", --, --- and ...", set_flag, IN_JOB(smart))
OPTION_OF_BOTH("base-url", 0, "URL", NULL, READ, "the address of the page: relative links start there", (take_text, IN_ARGS(base_url)), set_base_url, IN_JOB(base_url))
OPTION_OF_PROGRAM("input-list", 'i', "LIST", NULL, READ, "read inputs from this list: a file or address on each line", take_text, IN_ARGS(list))
OPTION_OF_JOB("no-guess", 0, NULL, NULL, READ, "take as metadata only what the input declares", set_flag, IN_JOB(no_guess))
OPTION_OF_JOB("photo", 0, "FILE", ".jpg .jpeg .png .gif .svg .webp .avif .heic .jxl .tif .tiff .bmp", CONVERT, "the photo of the next caption without one; may be repeated", set_photo, IN_JOB(photos))
OPTION_OF_JOB("metadata-file", 0, "FILE", ".yaml .yml .toml .json", CONVERT, "YAML, TOML or JSON with pandoc's keys; may be repeated", set_list, IN_JOB(metadata_files))

OPTION_GROUP("Choosing of lists, feeds, exports and mailboxes")
OPTION_OF_JOB("since", 0, "DATE", "1d 7d 30d", READ | LIST, "what was saved or published since: 2025-03-09, 7d", set_since)
OPTION_OF_JOB("until", 0, "DATE", "1d 7d 30d", READ | LIST, "what was saved or published until then", set_until)
OPTION_OF_JOB("where", 0, "FIELD=VALUE", "tag= folder= state= site= author= source=", READ | LIST, "what has this tag, folder, state, site, author or source; may be repeated", set_where, IN_JOB(choice.where))
OPTION_OF_JOB("limit", 0, "N", NULL, READ | LIST, "no more than N articles", set_number, IN_JOB(choice.limit), 1, 1000000000, "a number of articles")
OPTION_OF_JOB("order", 0, "list|date|saved", "list date saved", READ, "as the list has them (default), or the newest first", set_order, IN_JOB(choice.order))
OPTION_OF_JOB("group-by", 0, "FIELD", "site folder tag author date", CONVERT, "in one book of all: a level of the contents by site, folder, tag, author or date", set_group_by, IN_JOB(choice.group_by))

OPTION_GROUP("Metadata (overrides front matter; front matter overrides detection)")
OPTION_OF_JOB("title", 0, "TEXT", NULL, CONVERT, "title", set_metadata)
OPTION_OF_JOB("subtitle", 0, "TEXT", NULL, CONVERT, "subtitle", set_metadata)
OPTION_OF_JOB("author", 0, "NAME", NULL, CONVERT, "author; may be repeated", set_metadata)
OPTION_OF_JOB("bio", 0, "TEXT", NULL, CONVERT, "biography of the --author before it", set_metadata)
OPTION_OF_JOB("author-url", 0, "URL", NULL, CONVERT, "web page of the --author before it", set_metadata)
OPTION_OF_JOB("author-sort", 0, "NAME", NULL, CONVERT, "sort name of the --author before it: \"Brown, Ann\"", set_metadata)
OPTION_OF_JOB("author-role", 0, "CODE", "aut edt ill pht trl", CONVERT, "MARC relator code of the --author before it (default: aut)", set_metadata)
OPTION_OF_JOB("lang", 0, "TAG", "ar de en es fr hi it ja ko nl pl pt ru sv tr zh zh-Hant", CONVERT, "language: en, zh-Hant, pt-BR", set_metadata)
OPTION_OF_JOB("direction", 0, "ltr|rtl", "ltr rtl", CONVERT, "ltr or rtl (default: as the language)", set_metadata)
OPTION_OF_JOB("publisher", 0, "NAME", NULL, CONVERT, "publisher or site", set_metadata)
OPTION_OF_JOB("date", 0, "DATE", NULL, CONVERT, "publication date: 2021-07-02", set_metadata)
OPTION_OF_JOB("source", 0, "URL", NULL, CONVERT, "address where the article was published", set_metadata)
OPTION_OF_JOB("section", 0, "TEXT", NULL, CONVERT, "section of the publication", set_metadata)
OPTION_OF_JOB("subject", 0, "TEXT", NULL, CONVERT, "subject; may be repeated", set_metadata)
OPTION_OF_JOB("description", 0, "TEXT", NULL, CONVERT, "summary for catalogues", set_metadata)
OPTION_OF_JOB("standfirst", 0, "TEXT", NULL, CONVERT, "the paragraph under the title", set_metadata)
OPTION_OF_JOB("rights", 0, "TEXT", NULL, CONVERT, "copyright or licence", set_metadata)
OPTION_OF_JOB("series", 0, "NAME", NULL, CONVERT, "the series it belongs to", set_metadata)
OPTION_OF_JOB("series-index", 0, "N", NULL, CONVERT, "position in the --series", set_metadata)
OPTION_OF_JOB("identifier", 0, "TEXT", NULL, CONVERT, "identifier: ISBN, DOI, URI (default: made from the source)", set_metadata)
OPTION_OF_JOB("conforms-to", 0, "TEXT", NULL, CONVERT, "accessibility standard that an evaluation confirmed", set_text, IN_JOB(book.conforms_to))
OPTION_OF_JOB("certified-by", 0, "NAME", NULL, CONVERT, "name of the evaluator", set_text, IN_JOB(book.certified_by))

OPTION_GROUP("Pictures")
OPTION_OF_JOB("profile", 0, "NAME", "generic kindle kobo archive google", CONVERT | CHECK, "target: generic (default), kindle, kobo, archive; for check also google", set_profile)
OPTION_OF_JOB("image-size", 0, "WxH", "1600x2400 1200x1600 800x1200", CONVERT, "largest width and height of a picture (default: 1600x2400)", set_image_size)
OPTION_OF_JOB("image-quality", 0, "N", NULL, CONVERT, "quality of converted JPEG pictures, 1 to 100 (default: 82)", set_number, IN_JOB(pictures.quality), 1, 100, "a quality from 1 to 100")
OPTION_OF_JOB("max-book-size", 0, "SIZE", "10M 50M 200M", CONVERT, "shrink pictures until the book fits: 50M", set_bytes, IN_JOB(pictures.max_book_size))
OPTION_OF_JOB("grayscale", 0, NULL, NULL, CONVERT, "convert pictures to shades of grey", set_flag, IN_JOB(pictures.grayscale))
OPTION_OF_JOB("no-images", 0, NULL, NULL, CONVERT, "leave pictures out; captions are kept", set_flag, IN_JOB(pictures.none))
OPTION_OF_JOB("embed-captions", 0, NULL, NULL, CONVERT, "write captions and credits into the pictures' files", set_flag, IN_JOB(pictures.embed_captions))
OPTION_OF_JOB("keep-location", 0, NULL, NULL, CONVERT, "keep GPS and device metadata in pictures", set_flag, IN_JOB(pictures.keep_private))

OPTION_GROUP("Fetching")
OPTION_OF_JOB("online", 0, NULL, NULL, CONVERT, "download the pictures that local files refer to", set_flag, IN_JOB(fetch.online))
OPTION_OF_JOB("offline", 0, NULL, NULL, READ | LIST, "use the cache only; no network", set_flag, IN_JOB(fetch.options.offline))
OPTION_OF_JOB("cache", 0, "DIR|none", "none", READ | LIST, "folder for downloads (default: ~/.cache/chapbook)", set_cache, IN_JOB(fetch.options.cache_dir))
OPTION_OF_JOB("cache-size", 0, "SIZE", "100M 500M 2G", READ | LIST, "largest size of the cache (default: 500M)", set_size, IN_JOB(fetch.options.cache_max))
OPTION_OF_JOB("wayback", 0, NULL, NULL, READ, "take pages that are gone from a web archive", set_flag, IN_JOB(fetch.wayback))
OPTION_OF_JOB("wayback-url", 0, "URL", NULL, READ, "the web archive (default: the Wayback Machine)", set_wayback_url, IN_JOB(fetch.wayback_url))
OPTION_OF_JOB("user-agent", 0, "TEXT", NULL, READ | LIST, "User-Agent header", set_copy, IN_JOB(fetch.options.user_agent))
OPTION_OF_JOB("header", 0, "LINE", NULL, READ | LIST, "HTTP header for the hosts of the given pages; may be repeated", set_header, IN_JOB(fetch.headers))
OPTION_OF_JOB("cookies", 0, "FILE", NULL, READ | LIST, "cookie file in Netscape format, as browsers export it", set_cookies, IN_JOB(fetch.options.cookies))
OPTION_OF_JOB("proxy", 0, "URL", NULL, READ | LIST, "proxy (default: from the environment)", set_copy, IN_JOB(fetch.options.proxy))
OPTION_OF_JOB("rate", 0, "N", NULL, READ | LIST, "most requests a second to one host", set_rate, IN_JOB(fetch.options.rate))
OPTION_OF_JOB("timeout", 0, "SECONDS", NULL, READ | LIST, "time limit of one download (default: 30)", set_unsigned, IN_JOB(fetch.options.timeout), 1, 86400, "a number of seconds")
OPTION_OF_JOB("max-redirects", 0, "N", NULL, READ | LIST, "most redirects of one download (default: 10)", set_unsigned, IN_JOB(fetch.options.redirects), 1, 100, "a number from 1 to 100")
OPTION_OF_JOB("max-page-size", 0, "SIZE", "20M 100M", READ | LIST, "largest page to download (default: 20M)", set_size, IN_JOB(fetch.options.page_max))
OPTION_OF_JOB("max-image-size", 0, "SIZE", "50M 200M", READ, "largest picture to download (default: 50M)", set_size, IN_JOB(fetch.options.picture_max))

OPTION_GROUP("Book")
OPTION_OF_JOB("split-level", 0, "N", "auto none 1 2 3 4 5 6", CONVERT, "start chapters at headings down to level N; auto (default) or none", set_split_level)
OPTION_OF_JOB("title-page", 0, NULL, NULL, CONVERT, "begin with a title page (default: several articles, long texts)", set_choice, IN_JOB(book.title_page))
OPTION_OF_JOB("contents-page", 0, NULL, NULL, CONVERT, "put the contents on a page (default: several articles, long texts)", set_choice, IN_JOB(book.contents_page))
OPTION_OF_JOB("toc-depth", 0, "N", "1 2 3 4 5 6", CONVERT, "levels in the contents (default: all)", set_int, IN_JOB(book.toc_depth), 1, 6, "a depth from 1 to 6")
OPTION_OF_JOB("theme", 0, "NAME", "default modern", CONVERT, "style: default, modern", set_theme, IN_JOB(book.theme))
OPTION_OF_JOB("cover", 0, "FILE", "auto none", CONVERT, "cover picture; auto (default): draw one; none", set_cover)
OPTION_OF_JOB("kepub", 0, NULL, NULL, CONVERT, "name books .kepub.epub for Kobo's own reader", set_flag, IN_JOB(kepub))
OPTION_OF_JOB("css", 0, "FILE", ".css", CONVERT, "add this style sheet; may be repeated", set_list, IN_JOB(css))
OPTION_OF_JOB("template-dir", 0, "DIR", NULL, CONVERT, "folder of templates that replace the built-in ones", set_template_dir, IN_JOB(template_dirs))

OPTION_GROUP("Running")
OPTION_OF_PROGRAM("config", 0, "FILE", NULL, ANY, "read default options from FILE (default: ~/.config/chapbook/config)", take_text, IN_ARGS(config))
OPTION_OF_PROGRAM("no-config", 0, NULL, NULL, ANY, "read no file of default options", take_flag, IN_ARGS(no_config))
OPTION_OF_PROGRAM("explain", 0, NULL, NULL, READ, "show what was detected, and why", take_flag, IN_ARGS(explain))
OPTION_OF_BOTH("strict", 0, NULL, NULL, CONVERT, "exit with status 3 if a part of an article is missing", (take_flag, IN_ARGS(strict)), set_flag, IN_JOB(strict))
OPTION_OF_PROGRAM("verbose", 'v', NULL, NULL, READ, "show each step", take_flag, IN_ARGS(verbose))
OPTION_OF_PROGRAM("quiet", 'q', NULL, NULL, READ | CHECK | LIST, "show errors only", take_flag, IN_ARGS(quiet))
OPTION_OF_BOTH("threads", 'j', "N", "1 2 4 8", READ, "threads to use (default: one per core)", (take_threads), set_unsigned, IN_JOB(threads), 0, 256, "a number from 0 to 256")
OPTION_OF_BOTH("limit-memory", 0, "SIZE|none", "none 500M 1G 4G", ANY, "most memory to use (default: 1G)", (take_memory), set_limit_memory, IN_JOB(memory))
OPTION_OF_PROGRAM("limit-time", 0, "SECONDS|none", "none 60 600", ANY, "most CPU time for an input (default: 60)", take_time)
OPTION_OF_PROGRAM("sandbox", 0, "[=WHEN]", "auto yes no", ANY, "restrict the process: yes, no, auto (default)", take_sandbox)
OPTION_OF_PROGRAM("json", 0, NULL, NULL, INFO | EXTRACT | LIST, "print JSON", take_flag, IN_ARGS(json))
OPTION_OF_PROGRAM("list-rules", 0, NULL, NULL, CHECK, "print every rule: id, severity, meaning, standard", take_flag, IN_ARGS(list_rules))
OPTION_OF_PROGRAM("list-warnings", 0, NULL, NULL, READ, "print every kind of warning and note: id, severity, meaning", take_flag, IN_ARGS(list_warnings))
OPTION_OF_PROGRAM("help", 'h', NULL, NULL, ANY, "show the options", take_flag, IN_ARGS(help))
OPTION_OF_PROGRAM("version", 'V', NULL, NULL, ANY, "show the version", take_flag, IN_ARGS(version))

OPTION_OF_LIBRARY("article-title", set_text, IN_JOB(article_title))
OPTION_OF_LIBRARY("epoch", set_number, IN_JOB(book.epoch), 0, 253402300799, "a number of seconds since 1970")


#undef OPTION_GROUP
#undef OPTION_OF_JOB
#undef OPTION_OF_PROGRAM
#undef OPTION_OF_BOTH
#undef OPTION_OF_LIBRARY

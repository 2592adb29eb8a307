/* Every message of a conversion that continues: DIAG(id, name, severity, meaning). Users see the
 * name and may rely on it; chapbook --list-warnings prints the table. Rows are grouped by folder.
 * No include guard: this is a table. */

/* clang-format off */

/* reading: guesses, with their reasons */
DIAG(GUESS_FORMAT, "guess-format", CHAPBOOK_NOTE, "the format of the input was detected")
DIAG(GUESS_CHARSET, "guess-charset", CHAPBOOK_NOTE, "the charset of the input was detected")
DIAG(GUESS_LAYOUT, "guess-layout", CHAPBOOK_NOTE, "how the lines of a text make paragraphs was detected")
DIAG(GUESS_TITLE, "guess-title", CHAPBOOK_NOTE, "a line was taken as the title")
DIAG(GUESS_AUTHOR, "guess-author", CHAPBOOK_NOTE, "an author was found")
DIAG(GUESS_BIO, "guess-bio", CHAPBOOK_NOTE, "a paragraph was taken as an author's biography")
DIAG(GUESS_DATE, "guess-date", CHAPBOOK_NOTE, "a date was found")
DIAG(GUESS_STANDFIRST, "guess-standfirst", CHAPBOOK_NOTE, "a paragraph was taken as the standfirst")
DIAG(GUESS_HEADING, "guess-heading", CHAPBOOK_NOTE, "a line was taken as a heading")
DIAG(GUESS_CAPTION, "guess-caption", CHAPBOOK_NOTE, "a line was taken as a caption")
DIAG(GUESS_LANGUAGE, "guess-language", CHAPBOOK_NOTE, "the language was detected")
DIAG(LANGUAGE_CONTRADICTED, "language-contradicted", CHAPBOOK_WARNING, "the text is not in the language that is declared")
DIAG(GUESS_BLOCK, "guess-block", CHAPBOOK_NOTE, "lines were taken as a quotation, list, verse, note or separator")
DIAG(RULE, "rule", CHAPBOOK_NOTE, "a rule for web pages decided something")
DIAG(SUMMARY, "summary", CHAPBOOK_NOTE, "what is known of the article in the end")
/* reading: what was lost or changed */
DIAG(CHARSET_WRONG, "charset-wrong", CHAPBOOK_WARNING, "the charset that the server declares is wrong")
DIAG(BYTES_REPLACED, "bytes-replaced", CHAPBOOK_WARNING, "bytes that are not valid in the charset were replaced")
DIAG(XML_MALFORMED, "xml-malformed", CHAPBOOK_WARNING, "a page of XHTML is not well-formed and was read as HTML")
DIAG(XML_LIMIT, "xml-limit", CHAPBOOK_WARNING, "a page of XHTML exceeds a limit and was read as HTML")
DIAG(MARKUP_DROPPED, "markup-dropped", CHAPBOOK_WARNING, "markup that a book cannot have was removed")
DIAG(MARKUP_PLAIN, "markup-plain", CHAPBOOK_WARNING, "markup that costs too much to read is kept as text")
DIAG(METADATA_UNKNOWN, "metadata-unknown", CHAPBOOK_WARNING, "a metadata key is not known")
DIAG(METADATA_UNUSED, "metadata-unused", CHAPBOOK_NOTE, "a metadata key of other programs has no use in a book")
DIAG(METADATA_BAD, "metadata-bad", CHAPBOOK_WARNING, "a metadata value is not valid or has no effect")
DIAG(NO_ARTICLE, "no-article", CHAPBOOK_LOSS, "a page has no article, or only a part of it")
DIAG(PAGE_MISSING, "page-missing", CHAPBOOK_LOSS, "a further page of an article could not be downloaded")
/* lists, feeds, exports and mail */
DIAG(ITEM_BAD, "item-bad", CHAPBOOK_WARNING, "an item of a list, feed, export or mailbox cannot be read and is left out")
DIAG(ITEM_SKIPPED, "item-skipped", CHAPBOOK_NOTE, "an item of a list is no web page and is left out")
DIAG(ITEM_PARTIAL, "item-partial", CHAPBOOK_LOSS, "an item has only the beginning of its article, and its page could not be downloaded")
/* pictures */
DIAG(IMAGE_MISSING, "image-missing", CHAPBOOK_LOSS, "a picture file does not exist or could not be downloaded")
DIAG(IMAGE_BROKEN, "image-broken", CHAPBOOK_LOSS, "a picture cannot be decoded")
DIAG(IMAGE_LIMIT, "image-limit", CHAPBOOK_LOSS, "a picture exceeds a limit")
DIAG(IMAGE_FORMAT, "image-format", CHAPBOOK_LOSS, "a picture has a format that cannot be converted")
DIAG(IMAGE_REMOTE, "image-remote", CHAPBOOK_LOSS, "a picture was not downloaded")
DIAG(IMAGE_CLEANED, "image-cleaned", CHAPBOOK_WARNING, "scripts, links, animations or invalid styles were removed from a picture")
DIAG(IMAGE_DAMAGED, "image-damaged", CHAPBOOK_LOSS, "a picture is damaged; a part of it is shown")
DIAG(IMAGE_UNFIT, "image-unfit", CHAPBOOK_WARNING, "a picture could not be converted for reading devices; it is kept unchanged")
DIAG(IMAGE_FITTED, "image-fitted", CHAPBOOK_NOTE, "a picture was converted")
DIAG(IMAGE_PRIVATE, "image-private", CHAPBOOK_NOTE, "GPS or device metadata was removed from a picture")
DIAG(IMAGE_SHRUNK, "image-shrunk", CHAPBOOK_WARNING, "pictures were made smaller to fit the size of the book")
DIAG(IMAGE_WORDS, "image-words", CHAPBOOK_NOTE, "a caption, credit or alt text was read from the metadata of a picture")
DIAG(PHOTO_UNPLACED, "photo-unplaced", CHAPBOOK_WARNING, "no caption was left for a --photo; it is at the end")
/* style sheets */
DIAG(STYLE_MISSING, "style-missing", CHAPBOOK_LOSS, "a style sheet that metadata name was not read, or is not one")
DIAG(STYLE_FILE, "style-file", CHAPBOOK_LOSS, "a font, picture or sheet that a style sheet names is not in the book")
DIAG(STYLE_BROKEN, "style-broken", CHAPBOOK_LOSS, "a style sheet that metadata name is not valid in a book")
/* cover */
DIAG(COVER_NONE, "cover-none", CHAPBOOK_WARNING, "no cover could be drawn")
DIAG(COVER_TEXT, "cover-text", CHAPBOOK_WARNING, "no font has some characters of the cover")
/* book */
DIAG(SPLIT, "split", CHAPBOOK_NOTE, "how the article was split into chapters")
DIAG(ARTICLE_MISSING, "article-missing", CHAPBOOK_LOSS, "an article could not be read; the book of several is made without it")
DIAG(ARTICLE_TWICE, "article-twice", CHAPBOOK_WARNING, "an article was given twice; the book has it once")
DIAG(LINK_BROKEN, "link-broken", CHAPBOOK_WARNING, "a link has no target")
/* many articles */
DIAG(RECORD_BROKEN, "record-broken", CHAPBOOK_WARNING, "a line of the record of a folder is not valid and is ignored")
/* what the preflight found in the finished book */
DIAG(REPAIRED, "repaired", CHAPBOOK_LOSS, "a part of the book was not valid and was replaced or left out: a fault of chapbook, please report it")

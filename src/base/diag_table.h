/* Everything that a conversion can have to say: DIAG(id, name, severity). The name is what
 * users see and may rely on. Rows are grouped by room. No include guard: this is a table. */

/* reading: guesses, with their reasons */
DIAG(GUESS_FORMAT, "guess-format", CHAPBOOK_NOTE)
DIAG(GUESS_CHARSET, "guess-charset", CHAPBOOK_NOTE)
DIAG(GUESS_LAYOUT, "guess-layout", CHAPBOOK_NOTE)
DIAG(GUESS_TITLE, "guess-title", CHAPBOOK_NOTE)
DIAG(GUESS_AUTHOR, "guess-author", CHAPBOOK_NOTE)
DIAG(GUESS_BIO, "guess-bio", CHAPBOOK_NOTE)
DIAG(GUESS_DATE, "guess-date", CHAPBOOK_NOTE)
DIAG(GUESS_STANDFIRST, "guess-standfirst", CHAPBOOK_NOTE)
DIAG(GUESS_HEADING, "guess-heading", CHAPBOOK_NOTE)
DIAG(GUESS_CAPTION, "guess-caption", CHAPBOOK_NOTE)
DIAG(GUESS_LANGUAGE, "guess-language", CHAPBOOK_NOTE)
DIAG(GUESS_BLOCK, "guess-block", CHAPBOOK_NOTE)
DIAG(RULE, "rule", CHAPBOOK_NOTE)
/* reading: what was lost or changed */
DIAG(BYTES_REPLACED, "bytes-replaced", CHAPBOOK_WARNING)
DIAG(MARKUP_DROPPED, "markup-dropped", CHAPBOOK_WARNING)
DIAG(METADATA_UNKNOWN, "metadata-unknown", CHAPBOOK_NOTE)
DIAG(METADATA_BAD, "metadata-bad", CHAPBOOK_WARNING)
DIAG(PAGE_MISSING, "page-missing", CHAPBOOK_LOSS)
/* pictures */
DIAG(IMAGE_MISSING, "image-missing", CHAPBOOK_LOSS)
DIAG(IMAGE_BROKEN, "image-broken", CHAPBOOK_LOSS)
DIAG(IMAGE_FORMAT, "image-format", CHAPBOOK_LOSS)
DIAG(IMAGE_REMOTE, "image-remote", CHAPBOOK_LOSS)
DIAG(IMAGE_CLEANED, "image-cleaned", CHAPBOOK_WARNING)
DIAG(IMAGE_DAMAGED, "image-damaged", CHAPBOOK_LOSS)
DIAG(IMAGE_UNFIT, "image-unfit", CHAPBOOK_WARNING)
DIAG(IMAGE_FITTED, "image-fitted", CHAPBOOK_NOTE)
DIAG(IMAGE_PRIVATE, "image-private", CHAPBOOK_NOTE)
DIAG(IMAGE_SHRUNK, "image-shrunk", CHAPBOOK_WARNING)
DIAG(IMAGE_WORDS, "image-words", CHAPBOOK_NOTE)
DIAG(PHOTO_UNPLACED, "photo-unplaced", CHAPBOOK_WARNING)
/* cover */
DIAG(COVER_NONE, "cover-none", CHAPBOOK_WARNING)
DIAG(COVER_TEXT, "cover-text", CHAPBOOK_WARNING)
/* book */
DIAG(SPLIT, "split", CHAPBOOK_NOTE)
DIAG(LINK_BROKEN, "link-broken", CHAPBOOK_WARNING)

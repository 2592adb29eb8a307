/* Fields and sources of claims.h by their names in assets/page_sources.tsv. No include guard: this
 * is a table. */

/* what the page's main thing is: types of JSON-LD that are articles */
CLAIM_FIELD(TYPE, "type")
CLAIM_FIELD(TITLE, "title")
CLAIM_FIELD(SUBTITLE, "subtitle")
CLAIM_FIELD(AUTHOR, "author")
CLAIM_FIELD(PUBLISHED, "published")
CLAIM_FIELD(MODIFIED, "modified")
CLAIM_FIELD(SITE, "site")
CLAIM_FIELD(SECTION, "section")
CLAIM_FIELD(DESCRIPTION, "description")
CLAIM_FIELD(LANGUAGE, "language")
CLAIM_FIELD(DIRECTION, "direction")
CLAIM_FIELD(IMAGE, "image")
CLAIM_FIELD(CANONICAL, "canonical")
CLAIM_FIELD(LICENCE, "licence")
CLAIM_FIELD(SUBJECT, "subject")

/* a member of the JSON-LD object that is the article; of one that is its page; the type of an
 * object, whose name it has */
CLAIM_SOURCE(JSON_LD, "json-ld")
CLAIM_SOURCE(JSON_LD_PAGE, "json-ld-page")
CLAIM_SOURCE(JSON_LD_TYPE, "json-ld-type")
/* <meta name|property|http-equiv>, <link rel>, <a rel> */
CLAIM_SOURCE(META, "meta")
CLAIM_SOURCE(LINK, "link")
CLAIM_SOURCE(REL, "rel")
/* microdata and RDFa: itemprop, property */
CLAIM_SOURCE(ITEMPROP, "itemprop")
/* what a class, id or the like says: a kind of extract/page/names.h */
CLAIM_SOURCE(NAMED, "named")
/* an element by its name; an attribute of html or body */
CLAIM_SOURCE(ELEMENT, "element")
CLAIM_SOURCE(ATTRIBUTE, "attribute")
/* a link by a segment of its address: /author/ann-brown */
CLAIM_SOURCE(HREF, "href")
/* words on the page: "line" that says so itself ("By Ann Brown"), or the page's own address */
CLAIM_SOURCE(TEXT, "text")
CLAIM_SOURCE(ADDRESS, "address")

/* Metadata: front matter and metadata files (YAML, TOML, JSON, …), with pandoc's keys (pandoc
 * manual, "Metadata variables" and "EPUB metadata"), and the same keys as options of the program.
 *
 *  key                   meaning                                         in pandoc
 *  title                 title; or a list of {type: main|subtitle, text}  title
 *  subtitle              subtitle                                         subtitle
 *  standfirst            the paragraph under the title                    -
 *  author, authors,      a name; {name or text, bio, file-as, role, url,  author, creator
 *  creator               portrait, affiliation}; or a list of these
 *  contributor           the same, for dc:contributor (by default ctb)    contributor
 *  bio                   who the last author is                           -
 *  author-sort           the last author's name to sort by                (file-as)
 *  author-role           the last author's MARC relator code or its word  (role)
 *  author-url            the last author's page                           -
 *  publisher             publisher or site                                publisher
 *  section               the publication's section                        -
 *  date                  when it was published; or {event, text}          date
 *  modified, lastmod,    when it was changed last                         -
 *  updated
 *  lang, language        BCP 47 tag                                       lang, language
 *  dir, direction,       ltr or rtl                                       dir, page-
 *  page-progression-direction                                             progression-direction
 *  writing-mode          horizontal-tb or vertical-rl                     -
 *  subject               one subject, or a list; a list of {text}         subject
 *  keywords, tags,       a list, or words with commas between             keywords
 *  categories
 *  description, abstract, summary for catalogues                          description, abstract
 *  summary
 *  rights, copyright,    copyright or licence                             rights
 *  license
 *  identifier            ISBN, DOI, URI; {scheme, text}; a list           identifier
 *  isbn, doi             the same with their scheme                       -
 *  source                where it was got                                 source
 *  belongs-to-collection, series    the series' name                      belongs-to-collection
 *  group-position, series-index     the place in it: 2 or 2.1             group-position
 *  collection-type       series or set                                    -
 *  cover-image           a picture's file                                 cover-image
 *  css                   style sheets' files, one or a list               css
 *
 * Case does not count in keys, and "_" or a space is "-". Texts are Markdown, as in pandoc, and are
 * reduced to their words; options are taken as they stand. What is known already is kept. */
#ifndef READ_METADATA_METADATA_H
#define READ_METADATA_METADATA_H

#include "article/article.h"
#include "base/diag.h"
#include "read/metadata/tree.h"

/* Fill what is still unknown in `a` from a tree. `where` is the file's name for errors. What is not
 * understood is reported with its key and line. */
int metadata_read_tree(struct article *a, const struct metadata_value *root, const char *where,
		       struct diag *diag, struct chapbook_error *err);

/* The same from the bytes of a file: by its name TOML or JSON, else YAML. Bounded: 1 MB, depth 32,
 * aliases refused, so that no bomb unfolds. */
int metadata_read_file(struct article *a, const char *bytes, size_t len, const char *where,
		       struct diag *diag, struct chapbook_error *err);

/* Set one key from a string, as `--title X` says it. Returns 0 if the key is known and the value
 * good (whether or not it was still unset), else -1: `err` is filled when the value is bad, and
 * left alone when there is no such key. A later `author` adds an author, `bio` and the other
 * author keys belong to the last one. */
int metadata_set(struct article *a, const char *name, const char *value,
		 struct chapbook_error *err);

#endif

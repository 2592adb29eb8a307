/* Kinds of names: NAME_KIND(id, name in the table). No include guard: this is a table. At most 64.
 * What a kind is for stands in front of it; who uses it is a matter of grep. */

/* the element that says of itself that it is the article's body: itemprop=articleBody,
 * entry-content */
NAME_KIND(BODY, "body")
/* what is seldom in the text: sidebars, widgets, footers (Readability's "negative") */
NAME_KIND(ASIDE, "aside")
/* menus, breadcrumbs, pagination, skip links */
NAME_KIND(NAV, "nav")
/* buttons to share, like, print, save, follow */
NAME_KIND(SHARE, "share")
/* links to other articles */
NAME_KIND(RELATED, "related")
/* disclaimers, copyright notices, what others may do with the piece */
NAME_KIND(LEGAL, "legal")
/* links that look like buttons: buy now, book a table */
NAME_KIND(BUTTON, "button")
/* newsletter and subscription boxes, donation and paywall appeals */
NAME_KIND(SIGNUP, "signup")
/* cookie and consent notices, dialogs */
NAME_KIND(CONSENT, "consent")
/* advertisements */
NAME_KIND(AD, "ad")
/* readers' comments */
NAME_KIND(COMMENTS, "comments")
/* not shown: sr-only, hidden, print-only */
NAME_KIND(HIDDEN, "hidden")
/* hidden until one clicks, and of the article all the same: panels of tabs and accordions */
NAME_KIND(FOLD, "fold")
/* elements that are no text: scripts, controls */
NAME_KIND(CONTROL, "control")
/* tags, categories, topics of the piece */
NAME_KIND(TAGS, "tags")
/* a box about the author */
NAME_KIND(AUTHOR_BOX, "author-box")
/* words of customers, readers and others: their authors are not the article's */
NAME_KIND(VOICES, "voices")
/* the line that names the author */
NAME_KIND(BYLINE, "byline")
/* the author's name itself */
NAME_KIND(AUTHOR, "author")
/* the line that says when */
NAME_KIND(DATE, "date")
/* the paragraph that sums up */
NAME_KIND(STANDFIRST, "standfirst")
/* a picture's caption, its credit */
NAME_KIND(CAPTION, "caption")
NAME_KIND(CREDIT, "credit")
/* the box of the picture that stands at the head of an article */
NAME_KIND(LEAD, "lead")

/* the mark beside a heading that links to it; the link to edit its section */
NAME_KIND(PERMALINK, "permalink")
NAME_KIND(EDIT_LINK, "edit-link")
/* code: what stands beside it (line numbers, buttons); a line; a cell or pre with it; a box of it
 * that is no pre */
NAME_KIND(CODE_GUTTER, "code-gutter")
NAME_KIND(CODE_LINE, "code-line")
NAME_KIND(CODE_CELL, "code-cell")
NAME_KIND(CODE_BOX, "code-box")
/* what shows a formula; a player of video or sound that a script fills; an element that says it is
 * a heading */
NAME_KIND(FORMULA, "formula")
NAME_KIND(PLAYER, "player")
NAME_KIND(HEADING, "heading")

/* words of the article, repeated in large letters */
NAME_KIND(PULLQUOTE, "pullquote")

/* a footnote, a reference to one, a box of them; an entry in a list of references, or the list */
NAME_KIND(NOTE, "note")
NAME_KIND(REFERENCES, "references")
/* a note that stands beside the text, or in the middle of it until a script hides it */
NAME_KIND(SIDENOTE, "sidenote")

/* a note, tip or warning set apart from the text */
NAME_KIND(CALLOUT, "callout")

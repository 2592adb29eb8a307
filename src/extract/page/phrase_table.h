/* Kinds of phrases: PAGE_PHRASE(id, name in the table). No include guard: this is a table. At most
 * 32. A kind with a name that ends in "-start" is the start of such a text; others are all of it.
 */

/* what stands over, or before, links to other articles */
PAGE_PHRASE(RELATED, "related")
PAGE_PHRASE(MORE, "more")
PAGE_PHRASE(RELATED_START, "related-start")
/* buttons and invitations to share, print, save, follow, listen */
PAGE_PHRASE(SHARE, "share")
PAGE_PHRASE(NETWORK, "network")
PAGE_PHRASE(SHARE_START, "share-start")
/* newsletters, subscriptions, donations, paywalls */
PAGE_PHRASE(SIGNUP, "signup")
PAGE_PHRASE(SIGNUP_START, "signup-start")
/* last lines that are no longer the article: what to do next, notices of rights */
PAGE_PHRASE(CALL_START, "call-start")
/* over or around advertisements */
PAGE_PHRASE(AD, "ad")
PAGE_PHRASE(AD_START, "ad-start")
/* over readers' comments and the form for them */
PAGE_PHRASE(COMMENTS, "comments")
/* before tags, categories, topics */
PAGE_PHRASE(TAGS, "tags")
PAGE_PHRASE(TAGS_START, "tags-start")
/* the way through the site, or the page, and what one can do with it */
PAGE_PHRASE(NAV, "nav")
PAGE_PHRASE(NAV_START, "nav-start")
/* over the contents of the page */
PAGE_PHRASE(CONTENTS, "contents")
/* over notes, sources and the like, which belong to the article */
PAGE_PHRASE(NOTES, "notes")
/* cookies and consent */
PAGE_PHRASE(CONSENT_START, "consent-start")
/* what a page says that stands in the place of an article, in its title or its first lines */
PAGE_PHRASE(GATE_BOT, "gate-bot")
PAGE_PHRASE(GATE_LOGIN, "gate-login")
PAGE_PHRASE(GATE_CONSENT, "gate-consent")
PAGE_PHRASE(GATE_ERROR, "gate-error")
PAGE_PHRASE(GATE_SCRIPT, "gate-script")
/* what stands in or beside a caption for users of screen readers, and on buttons over pictures */
PAGE_PHRASE(PICTURE, "picture")
/* what stands where a section or subject should, and names neither */
PAGE_PHRASE(NO_SECTION, "no-section")
/* companies that own papers, which their pages name as authors */
PAGE_PHRASE(COMPANY, "company")
/* the heading over footnotes, which is removed when they are parted from it */
PAGE_PHRASE(FOOTNOTES, "footnotes")
/* what links say of themselves at their end */
PAGE_PHRASE(WINDOW, "window")

/* The labels: LABEL(id, name). The name is the column in assets/labels.tsv and the name that
 * templates use. No include guard: this is a table. */
LABEL(CONTENTS, "contents")
LABEL(COVER, "cover")
LABEL(TITLE_PAGE, "title_page")
LABEL(START, "start_of_text") /* landmark: Start of the text */
LABEL(COLOPHON, "colophon")   /* heading: About this book */
LABEL(LANDMARKS, "landmarks")
LABEL(PHOTOS, "photos")                 /* heading of the list of photos */
LABEL(PHOTO, "photo")                   /* "Photo" in "Photo 3" and "Photo: Name" */
LABEL(BY, "by")                         /* "By %s" with %s for the names */
LABEL(LIST_SEPARATOR, "list_separator") /* between names: ", " with its space */
LABEL(AND, "and")                       /* between the last two names: " and " with its spaces */
LABEL(PUBLISHED, "published")
LABEL(FOOTNOTES, "footnotes")
LABEL(FOOTNOTE_BACK, "back_to_text") /* label of a note's way back */
LABEL(A11Y_TEXT, "a11y_text")        /* accessibilitySummary sentences */
LABEL(A11Y_IMAGES_ALT, "a11y_images_alt")
LABEL(A11Y_IMAGES_NO_ALT, "a11y_images_no_alt")
LABEL(PHOTO_MISSING, "photo_missing")           /* before the address of a picture that is lost */
LABEL(PHOTO_NOT_INCLUDED, "photo_not_included") /* before the caption of a photo that is lost */
/* Sentences at the end of an article. {paper}, {date} and {address} stand for those; the date has a
 * day. */
LABEL(FIRST_PUBLISHED_IN_ON, "first_published_in_on")
LABEL(FIRST_PUBLISHED_IN, "first_published_in")
LABEL(FIRST_PUBLISHED_ON, "first_published_on")
LABEL(READ_AT, "read_at")
LABEL(ARCHIVED_AT, "archived_at") /* of a page that is gone: its copy in a web archive */
LABEL(TRANSLATED_BY, "translated_by") /* as BY, each with %s for the names */
LABEL(EDITED_BY, "edited_by")
LABEL(ILLUSTRATED_BY, "illustrated_by")
LABEL(PHOTOGRAPHS_BY, "photographs_by")
LABEL(AND_OTHERS, "and_others")     /* behind the last name of a list that is cut, with its space */
LABEL(NOT_INCLUDED, "not_included") /* heading: articles that could not be read */
LABEL(HIGHLIGHTS, "highlights")     /* heading: passages that the reader marked, and notes */

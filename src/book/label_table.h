/* The labels: LABEL(id, name). The name is the column in assets/labels.tsv and the name that
 * templates use. No include guard: this is a table. */
LABEL(CONTENTS, "contents")
LABEL(COVER, "cover")
LABEL(TITLE_PAGE, "title_page")
LABEL(START, "start_of_text") /* landmark: Start of the text */
LABEL(ABOUT_AUTHOR, "about_the_author")
LABEL(ABOUT_AUTHORS, "about_the_authors")
LABEL(COLOPHON, "colophon") /* heading: About this book */
LABEL(LANDMARKS, "landmarks")
LABEL(PHOTOS, "photos")                 /* heading of the list of photos */
LABEL(PHOTO, "photo")                   /* "Photo" in "Photo 3" and "Photo: Name" */
LABEL(BY, "by")                         /* "By %s" with %s for the names */
LABEL(LIST_SEPARATOR, "list_separator") /* between names: ", " with its space */
LABEL(AND, "and")                       /* between the last two names: " and " with its spaces */
LABEL(PUBLISHED, "published")
LABEL(UPDATED, "updated")
LABEL(RETRIEVED, "retrieved")
LABEL(SOURCE, "source")
LABEL(PUBLISHER, "publisher")
LABEL(SECTION, "section")
LABEL(SUBJECTS, "subjects")
LABEL(RIGHTS, "rights")
LABEL(DIGEST, "digest") /* "SHA-256 of the source" */
LABEL(IDENTIFIER, "identifier")
LABEL(FOOTNOTES, "footnotes")
LABEL(FOOTNOTE_BACK, "back_to_text") /* label of a note's way back */
LABEL(MADE_WITH, "made_with")        /* "Made with %s" */
LABEL(A11Y_TEXT, "a11y_text")        /* accessibilitySummary sentences */
LABEL(A11Y_IMAGES_ALT, "a11y_images_alt")
LABEL(A11Y_IMAGES_NO_ALT, "a11y_images_no_alt")
LABEL(PHOTO_MISSING, "photo_missing") /* before the address of a picture that is lost */
LABEL(FETCHED_FROM, "fetched_from")   /* the address that the bytes came from */
LABEL(ASKED_FOR, "asked_for")         /* the address that the caller named */
LABEL(TRANSLATED_BY, "translated_by") /* as BY, each with %s for the names */
LABEL(EDITED_BY, "edited_by")
LABEL(ILLUSTRATED_BY, "illustrated_by")
LABEL(PHOTOGRAPHS_BY, "photographs_by")
LABEL(AND_OTHERS, "and_others")       /* behind the last name of a list that is cut, with its space */
LABEL(NOT_INCLUDED, "not_included")   /* heading: articles that could not be read */

/* User names and passwords in addresses ("https://ann:secret@host/"): RFC 3986, section 3.2.1. */
#ifndef BASE_USERINFO_H
#define BASE_USERINFO_H

/* Cut them out of every address in a text, in place. A password with an unescaped slash in it,
 * which makes the address invalid, is cut, too. */
void userinfo_cut(char *text);

#endif

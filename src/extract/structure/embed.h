/* What pages embed from other sites. */
#ifndef EXTRACT_STRUCTURE_EMBED_H
#define EXTRACT_STRUCTURE_EMBED_H

#include <stdbool.h>

/* Whether the script at this address writes what it shows into the page: a gist, a recording. The
 * addresses are rows of assets/players.tsv. */
bool embed_is_script(const char *address);

#endif

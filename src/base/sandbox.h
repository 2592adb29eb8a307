/* The sandbox, from the inside: chapbook_sandbox() and a socket that it leaves open. */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include "chapbook.h"

/* As chapbook_sandbox(); messages may be sent and received on the socket `channel`. */
int sandbox_enter(const char *const *read, const char *const *write, bool network, int channel);

#endif

/* Rendering one compiled template. */
#ifndef TEMPLATE_RENDER_H
#define TEMPLATE_RENDER_H

#include "template/compile.h"

int render(const struct template_file *t, bool strict, const struct value *root, struct buf *out,
	   struct chapbook_error *err);

#endif

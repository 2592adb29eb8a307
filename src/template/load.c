/* Where chapbook's templates come from. */
#include "base/embedded.h"
#include "base/error.h"
#include "base/file.h"
#include "template/template.h"

#include <stdlib.h>
#include <unistd.h>

enum { MAX_TEMPLATE_SIZE = 16 << 20 };

int template_load(void *template_dirs, const char *name, struct buf *text, struct buf *file,
		  struct chapbook_error *err)
{
	const struct template_dirs *dirs = template_dirs;
	for (size_t i = 0; dirs && i < dirs->count; i++) {
		if (!dirs->dirs[i])
			continue;
		char *bytes = NULL;
		size_t size = 0;
		buf_truncate(file, 0);
		buf_printf(file, "%s/%s", dirs->dirs[i], name);
		if (file->failed)
			return error_memory(err);
		if (access(file->data, F_OK))
			continue;
		if (file_read(file->data, MAX_TEMPLATE_SIZE, &bytes, &size, err))
			return -1;
		buf_append(text, bytes, size);
		free(bytes);
		return 0;
	}
	buf_truncate(file, 0);
	buf_printf(file, "templates/%s", name);
	if (file->failed)
		return error_memory(err);
	const struct embedded_file *builtin = embedded_find(file->data);
	if (!builtin)
		return 1;
	buf_append(text, builtin->data, builtin->size);
	return 0;
}

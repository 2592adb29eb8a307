#include "base/library.h"

#include <dlfcn.h>
#include <string.h>

void *library_open(const char *name)
{
	return dlopen(name, RTLD_LAZY | RTLD_LOCAL);
}

bool library_find(void *library, const struct library_symbol *symbols, size_t count, void *calls)
{
	for (size_t i = 0; i < count; i++) {
		void *symbol = dlsym(library, symbols[i].name);
		if (!symbol)
			return false;
		memcpy((char *)calls + symbols[i].at, &symbol, sizeof symbol);
	}
	return true;
}

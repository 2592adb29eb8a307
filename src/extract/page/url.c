#include "extract/page/page.h"

#include "article/url.h"
#include "base/buf.h"

#include <string.h>

char *page_url(struct page *page, const char *url)
{
	enum { MAX_URL = 4000 };
	struct buf clean = BUF_INIT;
	char *result = NULL;
	size_t len = strlen(url);
	bool good =
		len <= MAX_URL && ((page->url && url_resolve(&clean, url, page->url, URL_LINK)) ||
				   url_put_clean(&clean, url, len, URL_LINK));
	if (good)
		result =
			arena_printf(&page->arena, "%s%s",
				     strncmp(clean.data, "//", 2) == 0 ? "https:" : "", clean.data);
	buf_end(&clean, &page->arena.failed);
	return result;
}

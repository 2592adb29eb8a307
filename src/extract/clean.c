#include "extract/passes.h"

#include "extract/clean_parts.h"
#include "extract/measure.h"

void content_clean(struct page *page)
{
	measure_all(page, page->content);
	clean_named(page);
	clean_shapes(page);
	clean_lines(page);
}

#include "extract/passes.h"

void metadata_read(struct page *page)
{
	(void)page;
}

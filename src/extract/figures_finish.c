#include "extract/passes.h"

void figures_finish(struct page *page)
{
	(void)page;
}

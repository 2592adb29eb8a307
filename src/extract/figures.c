#include "extract/passes.h"

void figures_bind(struct page *page)
{
	(void)page;
}

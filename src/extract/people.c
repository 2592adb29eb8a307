#include "extract/passes.h"

void people_take(struct page *page)
{
	(void)page;
}

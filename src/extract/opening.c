#include "extract/passes.h"

void opening_settle(struct page *page)
{
	(void)page;
}

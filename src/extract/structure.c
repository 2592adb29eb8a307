#include "extract/passes.h"

void structure_settle(struct page *page)
{
	(void)page;
}

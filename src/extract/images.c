#include "extract/passes.h"

void images_settle(struct page *page)
{
	(void)page;
}

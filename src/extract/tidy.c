#include "extract/passes.h"

void body_tidy(struct page *page)
{
	(void)page;
}

/* One budget of memory for what many threads do at once. */
#ifndef MEDIA_FIT_BUDGET_H
#define MEDIA_FIT_BUDGET_H

#include <pthread.h>
#include <stddef.h>

struct budget {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	size_t all, taken;
	unsigned long next_ticket,
		turn; /* first come, first served: large pictures get their turn */
};

void budget_init(struct budget *b, size_t bytes);
/* Wait until so much is there, and take it; what is more than all of it waits to be alone. Returns
 * what was taken, which budget_give() wants back. A thread that has taken takes no second time. */
size_t budget_take(struct budget *b, size_t bytes);
void budget_give(struct budget *b, size_t taken);
void budget_release(struct budget *b);

#endif

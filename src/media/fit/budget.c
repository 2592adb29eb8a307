#include "media/fit/budget.h"

void budget_init(struct budget *b, size_t bytes)
{
	*b = (struct budget){.all = bytes};
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->changed, NULL);
}

size_t budget_take(struct budget *b, size_t bytes)
{
	if (bytes > b->all)
		bytes = b->all;
	pthread_mutex_lock(&b->lock);
	unsigned long ticket = b->next_ticket++;
	while (b->turn != ticket || bytes > b->all - b->taken)
		pthread_cond_wait(&b->changed, &b->lock);
	b->taken += bytes;
	b->turn++;
	pthread_cond_broadcast(&b->changed);
	pthread_mutex_unlock(&b->lock);
	return bytes;
}

void budget_give(struct budget *b, size_t taken)
{
	pthread_mutex_lock(&b->lock);
	b->taken -= taken;
	pthread_cond_broadcast(&b->changed);
	pthread_mutex_unlock(&b->lock);
}

void budget_release(struct budget *b)
{
	pthread_cond_destroy(&b->changed);
	pthread_mutex_destroy(&b->lock);
}

/* Shared libraries that are opened when they are needed, by the names of their functions. */
#ifndef BASE_LIBRARY_H
#define BASE_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

/* Open it, for good: many cannot be closed again. NULL where it is not installed. */
void *library_open(const char *name);

/* A function, and its place in a struct of pointers to functions. */
struct library_symbol {
	const char *name;
	size_t at;
};

/* Find the functions and put them into the struct `calls`. False where one is missing. */
bool library_find(void *library, const struct library_symbol *symbols, size_t count, void *calls);

#endif

/* Words that agree with numbers. */
#ifndef BASE_PLURAL_H
#define BASE_PLURAL_H

/* "file" or "files": what stands behind the number `n`. */
static inline const char *plural(unsigned long long n, const char *one, const char *many)
{
	return n == 1 ? one : many;
}

#endif

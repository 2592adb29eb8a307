/* SANITIZED is defined in builds with a sanitiser of gcc or clang that takes address space, starts
 * threads or inspects the process from another one. */
#ifndef BASE_SANITISED_H
#define BASE_SANITISED_H

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__ /* gcc */
#define SANITIZED 1
#elif defined __has_feature /* clang */
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
	__has_feature(memory_sanitizer) || __has_feature(leak_sanitizer)
#define SANITIZED 1
#endif
#endif

#endif

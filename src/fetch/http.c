#include "fetch/http.h"

#include "base/ascii.h"
#include "base/timestamp.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { DAY = 24 * 3600 };

/* --- Dates --- */

static int month_of(const char *name)
{
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	for (int i = 0; i < 12; i++)
		if (strcasecmp(name, months[i]) == 0)
			return i + 1;
	return 0;
}

bool http_date(const char *text, long long *epoch)
{
	unsigned day, year, hour, minute, second;
	char month[4], digits[5];
	const char *comma = memchr(text, ',', strnlen(text, 16));
	if (strnlen(text, 64) == 64)
		return false;
	if (comma) { /* Sun, 06 Nov 1994 08:49:37 GMT; Sunday, 06-Nov-94 08:49:37 GMT */
		if (sscanf(comma + 1, " %2u%*1[ -]%3[A-Za-z]%*1[ -]%4[0-9] %2u:%2u:%2u", &day,
			   month, digits, &hour, &minute, &second) != 6)
			return false;
	} else { /* Sun Nov  6 08:49:37 1994 */
		if (sscanf(text, "%*3[A-Za-z] %3[A-Za-z] %2u %2u:%2u:%2u %4[0-9]", month, &day,
			   &hour, &minute, &second, digits) != 6)
			return false;
	}
	sscanf(digits, "%u", &year);
	if (strlen(digits) == 2) /* 94 is 1994, 26 is 2026 */
		year += year < 70 ? 2000 : 1900;
	char iso[40];
	snprintf(iso, sizeof iso, "%04u-%02d-%02uT%02u:%02u:%02uZ", year % 10000, month_of(month),
		 day % 100, hour % 100, minute % 100, second % 100);
	return when_parse(iso, epoch);
}

/* delta-seconds (RFC 9111 section 1.2.2): what is too large is 2^31. -1: no number. */
static long long seconds_of(const char *text, size_t len)
{
	const long long most = 1LL << 31;
	long long n = 0;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		n = n * 10 + (text[i] - '0');
		if (n > most)
			n = most;
	}
	return len > 0 ? n : -1;
}

static void http_trim(const char **s, size_t *len)
{
	while (*len > 0 && (**s == ' ' || **s == '\t'))
		++*s, --*len;
	while (*len > 0 && ((*s)[*len - 1] == ' ' || (*s)[*len - 1] == '\t'))
		--*len;
}

long long http_retry_after(const char *value, long long now)
{
	size_t len = strlen(value);
	http_trim(&value, &len);
	long long at, seconds = seconds_of(value, len);
	if (seconds >= 0)
		return seconds;
	if (!http_date(value, &at))
		return -1;
	return at > now ? at - now : 0;
}

/* --- Parts of values --- */

static bool is_token_char(char c)
{
	return ascii_is_alnum(c) || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c));
}

static size_t token_len(const char *s)
{
	size_t len = 0;
	while (is_token_char(s[len]))
		len++;
	return len;
}

static void lower(char *s)
{
	for (; s && *s; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s + ('a' - 'A'));
}

/* Read `name`, or `name=value` with the value a token or quoted; *s is then behind it and white
 * space. The value is without its quotes, and where it has escapes, as it stands; NULL where there
 * is none. False where no name begins. */
struct parameter {
	const char *name, *value;
	size_t name_len, value_len;
};

static bool next_parameter(const char **s, struct parameter *p)
{
	*p = (struct parameter){.name = *s, .name_len = token_len(*s)};
	*s += p->name_len;
	*s += strspn(*s, " \t");
	if (p->name_len == 0)
		return false;
	if (**s != '=')
		return true;
	++*s;
	*s += strspn(*s, " \t");
	if (**s == '"') {
		p->value = ++*s;
		while (**s && **s != '"')
			*s += **s == '\\' && (*s)[1] ? 2 : 1;
		p->value_len = (size_t)(*s - p->value);
		if (**s == '"')
			++*s;
	} else {
		p->value = *s;
		p->value_len = strcspn(*s, ",; \t");
		*s += p->value_len;
	}
	*s += strspn(*s, " \t");
	return true;
}

static bool http_is_named(const struct parameter *p, const char *name)
{
	return strlen(name) == p->name_len && strncasecmp(p->name, name, p->name_len) == 0;
}

void http_content_type(struct arena *arena, const char *value, char **media_type, char **charset)
{
	enum { MAX_VALUE = 100 };
	*media_type = *charset = NULL;
	if (!value)
		return;
	value += strspn(value, " \t");
	size_t type = token_len(value);
	if (type > 0 && value[type] == '/') {
		size_t len = type + 1 + token_len(value + type + 1);
		if (len > type + 1 && len <= MAX_VALUE) {
			*media_type = arena_dupn(arena, value, len);
			lower(*media_type);
		}
	}
	value += strcspn(value, ";,");
	while (*value == ';') {
		struct parameter p;
		value += strspn(value, "; \t");
		if (next_parameter(&value, &p) && http_is_named(&p, "charset") && p.value) {
			/* Some quote it with apostrophes. */
			while (p.value_len > 0 && *p.value == '\'')
				p.value++, p.value_len--;
			size_t len = token_len(p.value);
			while (len > 0 && p.value[len - 1] == '\'')
				len--;
			if (len > 0 && len <= p.value_len && len <= MAX_VALUE)
				*charset = arena_dupn(arena, p.value, len);
			return;
		}
		value += strcspn(value, ";,");
	}
}

bool http_next_name(const char **list, char *name, size_t room)
{
	*list += strspn(*list, ", \t");
	size_t len = strcspn(*list, ",");
	if (len == 0)
		return false;
	const char *s = *list;
	*list += len;
	http_trim(&s, &len);
	if (len >= room)
		len = room - 1;
	memcpy(name, s, len);
	name[len] = '\0';
	lower(name);
	return true;
}

/* --- The cache --- */

/* Whether Cache-Control has the directive; its number where it is to have one, 0 where that is
 * malformed (RFC 9111 section 4.2.1: then better stale). */
static bool directive(const struct http_head *head, const char *name, long long *seconds)
{
	const char *s = head->cache_control;
	while (s && *s) {
		struct parameter p;
		s += strspn(s, ", \t");
		if (next_parameter(&s, &p) && http_is_named(&p, name)) {
			if (seconds) {
				*seconds = p.value ? seconds_of(p.value, p.value_len) : 0;
				*seconds = *seconds > 0 ? *seconds : 0;
			}
			return true;
		}
		s += strcspn(s, ",");
	}
	return false;
}

bool http_may_keep(const struct http_head *head)
{
	return !directive(head, "no-store", NULL);
}

/* How long it is fresh from when the server made it. */
static long long lifetime(const struct http_head *head, long long date)
{
	long long seconds, at;
	if (directive(head, "max-age", &seconds))
		return seconds;
	if (head->expires)
		return http_date(head->expires, &at) && at > date ? at - date : 0;
	if (head->status == 301 || head->status == 308)
		return DAY;
	if (head->status != 200)
		return 0;
	if (head->last_modified && http_date(head->last_modified, &at) && at < date)
		return (date - at) / 10 < DAY ? (date - at) / 10 : DAY;
	return 0;
}

long long http_fresh_until(const struct http_head *head, long long asked, long long received)
{
	if (directive(head, "no-cache", NULL) ||
	    (!head->cache_control && head->pragma && strcasestr(head->pragma, "no-cache")))
		return 0;
	long long date;
	if (!head->date || !http_date(head->date, &date))
		date = received;
	/* Section 4.2.3. */
	long long apparent = received > date ? received - date : 0;
	long long age = head->age ? seconds_of(head->age, strspn(head->age, "0123456789")) : 0;
	age = (age > 0 ? age : 0) + (received > asked ? received - asked : 0);
	return received + lifetime(head, date) - (age > apparent ? age : apparent);
}

/* --- Statuses --- */

const char *http_status_words(int status)
{
	static const struct {
		int status;
		const char *words;
	} known[] = {
		{202, "Accepted"},
		{204, "No Content"},
		{206, "Partial Content"},
		{300, "Multiple Choices"},
		{304, "Not Modified"},
		{400, "Bad Request"},
		{401, "Unauthorized"},
		{402, "Payment Required"},
		{403, "Forbidden"},
		{404, "Not Found"},
		{405, "Method Not Allowed"},
		{406, "Not Acceptable"},
		{407, "Proxy Authentication Required"},
		{408, "Request Timeout"},
		{409, "Conflict"},
		{410, "Gone"},
		{421, "Misdirected Request"},
		{425, "Too Early"},
		{429, "Too Many Requests"},
		{431, "Request Header Fields Too Large"},
		{451, "Unavailable For Legal Reasons"},
		{500, "Internal Server Error"},
		{501, "Not Implemented"},
		{502, "Bad Gateway"},
		{503, "Service Unavailable"},
		{504, "Gateway Timeout"},
		{511, "Network Authentication Required"},
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (known[i].status == status)
			return known[i].words;
	return NULL;
}

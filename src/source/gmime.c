#include "source/gmime.h"

#include "base/library.h"

#include <pthread.h>
#include <stdbool.h>

static struct gmime_calls gmime_calls;
static bool gmime_found;
static pthread_once_t gmime_once = PTHREAD_ONCE_INIT;

#define CALL(member, function)                                                                     \
	{                                                                                          \
#function, offsetof(struct gmime_calls, member)                                    \
	}

static void gmime_open(void)
{
	static const struct library_symbol symbols[] = {
		CALL(init, g_mime_init),
		CALL(new_stream, g_mime_stream_mem_new_with_buffer),
		CALL(new_output, g_mime_stream_mem_new),
		CALL(get_bytes, g_mime_stream_mem_get_byte_array),
		CALL(new_parser, g_mime_parser_new_with_stream),
		CALL(parse, g_mime_parser_construct_message),
		CALL(get_subject, g_mime_message_get_subject),
		CALL(get_id, g_mime_message_get_message_id),
		CALL(get_from, g_mime_message_get_from),
		CALL(get_header, g_mime_object_get_header),
		CALL(get_type, g_mime_object_get_content_type),
		CALL(get_parameter, g_mime_object_get_content_type_parameter),
		CALL(type_name, g_mime_content_type_get_mime_type),
		CALL(new_iter, g_mime_part_iter_new),
		CALL(free_iter, g_mime_part_iter_free),
		CALL(next_part, g_mime_part_iter_next),
		CALL(get_part, g_mime_part_iter_get_current),
		CALL(get_content, g_mime_part_get_content),
		CALL(get_content_id, g_mime_part_get_content_id),
		CALL(get_location, g_mime_part_get_content_location),
		CALL(is_attachment, g_mime_part_is_attachment),
		CALL(part_type, g_mime_part_get_type),
		CALL(text_type, g_mime_text_part_get_type),
		CALL(get_text, g_mime_text_part_get_text),
		CALL(write_content, g_mime_data_wrapper_write_to_stream),
		CALL(decode, g_mime_utils_header_decode_text),
		CALL(get_address, internet_address_list_get_address),
		CALL(get_name, internet_address_get_name),
		CALL(is_a, g_type_check_instance_is_a),
		CALL(unref, g_object_unref),
		CALL(free_text, g_free),
	};
	void *library = library_open("libgmime-3.0.so.0");
	gmime_found = library && library_find(library, symbols, sizeof symbols / sizeof *symbols,
					      &gmime_calls);
	if (gmime_found)
		gmime_calls.init();
}

const struct gmime_calls *gmime_load(void)
{
	pthread_once(&gmime_once, gmime_open);
	return gmime_found ? &gmime_calls : NULL;
}

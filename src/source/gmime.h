/* GMime 3 and what it stands on, loaded when mail is read: a program linked to it would start in
 * four times the time. */
#ifndef SOURCE_GMIME_H
#define SOURCE_GMIME_H

#include <gmime/gmime.h>

struct gmime_calls {
	__typeof__(g_mime_init) *init;
	__typeof__(g_mime_stream_mem_new_with_buffer) *new_stream;
	__typeof__(g_mime_stream_mem_new) *new_output;
	__typeof__(g_mime_stream_mem_get_byte_array) *get_bytes;
	__typeof__(g_mime_parser_new_with_stream) *new_parser;
	__typeof__(g_mime_parser_construct_message) *parse;
	__typeof__(g_mime_message_get_subject) *get_subject;
	__typeof__(g_mime_message_get_message_id) *get_id;
	__typeof__(g_mime_message_get_from) *get_from;
	__typeof__(g_mime_object_get_header) *get_header;
	__typeof__(g_mime_object_get_content_type) *get_type;
	__typeof__(g_mime_object_get_content_type_parameter) *get_parameter;
	__typeof__(g_mime_content_type_get_mime_type) *type_name;
	__typeof__(g_mime_part_iter_new) *new_iter;
	__typeof__(g_mime_part_iter_free) *free_iter;
	__typeof__(g_mime_part_iter_next) *next_part;
	__typeof__(g_mime_part_iter_get_current) *get_part;
	__typeof__(g_mime_part_get_content) *get_content;
	__typeof__(g_mime_part_get_content_id) *get_content_id;
	__typeof__(g_mime_part_get_content_location) *get_location;
	__typeof__(g_mime_part_is_attachment) *is_attachment;
	__typeof__(g_mime_part_get_type) *part_type;
	__typeof__(g_mime_text_part_get_type) *text_type;
	__typeof__(g_mime_text_part_get_text) *get_text;
	__typeof__(g_mime_data_wrapper_write_to_stream) *write_content;
	__typeof__(g_mime_utils_header_decode_text) *decode;
	__typeof__(internet_address_list_get_address) *get_address;
	__typeof__(internet_address_get_name) *get_name;
	__typeof__(g_type_check_instance_is_a) *is_a;
	__typeof__(g_object_unref) *unref;
	__typeof__(g_free) *free_text;
};

/* NULL where the library cannot be had. */
const struct gmime_calls *gmime_load(void);

#endif

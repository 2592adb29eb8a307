/* What is called of libvips and GLib: VIPS_CALL(function). Rows are sorted. No include guard: this
 * is a table. */
VIPS_CALL(g_free)
VIPS_CALL(g_log_set_handler)
VIPS_CALL(g_object_unref)
VIPS_CALL(vips_cache_set_max)
VIPS_CALL(vips_concurrency_set)
VIPS_CALL(vips_error_buffer_copy)
VIPS_CALL(vips_init)
VIPS_CALL(vips_thread_shutdown)

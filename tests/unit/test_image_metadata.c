/* What pictures say of themselves, in blocks made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "media/metadata/metadata.h"

#define BYTES(s) s, sizeof(s) - 1

#define RDF_START                                                                                  \
	"<?xpacket begin='\xEF\xBB\xBF' id='W5M0MpCehiHzreSzNTczkc9d'?>"                           \
	"<m:xmpmeta xmlns:m='adobe:ns:meta/'>"                                                     \
	"<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"                            \
	"<r:Description r:about='' xmlns:d='http://purl.org/dc/elements/1.1/'"                     \
	" xmlns:p='http://ns.adobe.com/photoshop/1.0/' xmlns:e='http://ns.adobe.com/exif/1.0/'"    \
	" xmlns:i='http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/'"                                   \
	" xmlns:x='http://ns.adobe.com/xap/1.0/rights/' xmlns:c='http://creativecommons.org/ns#'"
#define RDF_END     "</r:Description></r:RDF></m:xmpmeta><?xpacket end='w'?>"
#define ALT(s)      "<r:Alt>" s "</r:Alt>"
#define LI(lang, s) "<r:li xml:lang='" lang "'>" s "</r:li>"

static struct arena arena;

static int release(void **state)
{
	(void)state;
	assert_false(arena.failed);
	arena_release(&arena);
	arena = (struct arena)ARENA_INIT;
	return 0;
}

/* Each in a block of memory of its own size, so that a sanitiser sees every read beyond it. */
static struct image_metadata from(void (*add)(const char *, size_t, struct arena *,
					      struct image_metadata *),
				  const char *bytes, size_t size)
{
	struct image_metadata words = {0};
	char *copy = malloc(size ? size : 1);
	memcpy(copy, bytes, size);
	add(copy, size, &arena, &words);
	free(copy);
	return words;
}

static void says(const char *got, const char *expected)
{
	if (!expected)
		assert_null(got);
	else if (!got)
		fail_msg("nothing said, expected \"%s\"", expected);
	else
		assert_string_equal(got, expected);
}

/* --- XMP --- */

static struct image_metadata xmp(const char *packet)
{
	return from(image_metadata_add_xmp, packet, strlen(packet));
}

static void test_xmp_forms(void **state)
{
	(void)state;
	struct image_metadata w = xmp(
		RDF_START
		" p:Credit='Reuters'>"
		"<d:description>" ALT(LI("de", "Ein Boot") LI("en-GB", "A boat") LI(
			"x-default",
			" A  boat\n\nin <![CDATA[<Lima>]]> &amp; "
			"beyond ")) "</"
				    "d:description><d:creator><r:Seq><"
				    "r:li>Ann Brown</r:li><r:li/>"
				    "<r:li>Bo "
				    "Li</r:li></r:Seq></"
				    "d:creator><d:rights>" ALT(LI("de", "Alles meins") LI(
					    "en",
					    "All mine")) "</"
							 "d:rights><i:"
							 "AltTextAcces"
							 "sibility"
							 ">" ALT(LI(
								 "f"
								 "r",
								 "U"
								 "n"
								 " "
								 "b"
								 "a"
								 "t"
								 "e"
								 "a"
								 "u")) "</"
								       "i:AltTextAccessibility><i:"
								       "ExtDescrAccessibility>Long,"
								       " plain"
								       "</"
								       "i:ExtDescrAccessibility><x:"
								       "WebStatement>https://"
								       "example.org/by"
								       "</x:WebStatement>" RDF_END);
	says(w.caption, "A boat in <Lima> & beyond");
	says(w.creator, "Ann Brown, Bo Li");
	says(w.credit, "Reuters");
	says(w.rights, "All mine");
	says(w.alt, "Un bateau");
	says(w.description, "Long, plain");
	says(w.licence, "https://example.org/by");
	assert_false(w.is_private);
	/* other forms: attributes only; a licence as an address; an empty default */
	w = xmp(RDF_START
		" d:description='Short' d:creator='Ann' x:WebStatement='nowhere'>"
		"<c:license r:resource='http://creativecommons.org/licenses/by/4.0/'/>"
		"<d:rights>" ALT(LI("x-default", " ") LI("is", "Mitt")) "</d:rights>" RDF_END);
	says(w.caption, "Short");
	says(w.creator, "Ann");
	says(w.licence, "http://creativecommons.org/licenses/by/4.0/");
	says(w.rights, "Mitt");
	/* the segment's name before it, zeros and lines behind it */
	static const char named[] = "http://ns.adobe.com/xap/1.0/\0" RDF_START
				    " d:description='Named'>" RDF_END "\n\0\0";
	w = from(image_metadata_add_xmp, BYTES(named));
	says(w.caption, "Named");
	/* no words of ours: same names elsewhere, or deeper */
	w = xmp(RDF_START "><p:description>no</p:description><p:History><r:Seq><r:li>"
			  "<r:Description d:description='deep'><d:description>deeper"
			  "</d:description></r:Description></r:li></r:Seq></p:History>" RDF_END);
	says(w.caption, NULL);
	assert_true(w.is_private); /* it is not looked into */
}

static void test_xmp_private(void **state)
{
	static const struct {
		const char *xml;
		bool is_private;
	} cases[] = {
		{" e:GPSLatitude='12,3S'>", true},
		{"><e:GPSLatitude>12,3S</e:GPSLatitude>", true},
		{" p:City='Lima'>", true},
		{" i:CountryCode='PE'>", true},
		{" xmlns:t='http://ns.adobe.com/tiff/1.0/' t:Model='X100'>", true},
		{" xmlns:a='http://ns.adobe.com/exif/1.0/aux/' a:Firmware='1'>", true},
		{" xmlns:y='http://example.org/' y:CameraSerialNumber='1'>", true},
		{" xmlns:g='http://ns.google.com/photos/1.0/camera/' g:MotionPhoto='1'>", true},
		{"><p:History><r:Seq><r:li r:parseType='Resource'><e:GPSAltitude>3</e:GPSAltitude>"
		 "</r:li></r:Seq></p:History>",
		 true},
		{" x:Owner='Ann'>", true},
		{" xmlns:u='http://ns.useplus.org/ldf/xmp/1.0/' u:CopyrightOwner='Ann'>", true},
		{" xmlns:y='http://example.org/' y:WhatEver='Lima'>", true},
		{" p:Headline='Lima' e:ColorSpace='1'>", false},
		{"><x:UsageTerms>" ALT(LI("en", "Ask")) "</x:UsageTerms>", false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char packet[2000];
		snprintf(packet, sizeof packet, "%s%s%s", RDF_START, cases[i].xml, RDF_END);
		if (xmp(packet).is_private != cases[i].is_private)
			fail_msg("%s", cases[i].xml);
	}
}

/* What is broken or would cost too much says nothing, and may hold anything. */
static void test_xmp_broken(void **state)
{
	static const char *const broken[] = {
		"<",
		"words",
		RDF_START " d:description='one'>",
		RDF_START " d:description='one'><a></b>" RDF_END,
		RDF_START " d:description='&one;'>" RDF_END,
		"<!DOCTYPE a [<!ENTITY one 'two'>]>" RDF_START " d:description='&one;'>" RDF_END,
		"<?xml version='1.0' encoding='UTF-16'?><a>\xFF</a>",
	};
	struct image_metadata w;
	(void)state;
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		w = xmp(broken[i]);
		says(w.caption, NULL);
		assert_true(w.is_private);
	}
	w = from(image_metadata_add_xmp, BYTES(RDF_START "\0 d:description='one'>" RDF_END));
	says(w.caption, NULL);
	assert_true(w.is_private);
	w = xmp("");
	assert_false(w.is_private);
	/* 200,000 attributes, namespaces, levels: refused at once */
	static const char *const many[] = {" a%d=''", " xmlns:a%d='b'", "><c%d"};
	for (size_t i = 0; i < 3; i++) {
		struct buf packet = BUF_INIT;
		buf_puts(&packet, RDF_START " d:description='one'");
		for (int n = 0; n < 200000; n++)
			buf_printf(&packet, many[i], n);
		buf_puts(&packet, ">" RDF_END);
		w = xmp(packet.data);
		says(w.caption, NULL);
		assert_true(w.is_private);
		buf_release(&packet);
	}
}

/* --- Junk, lengths, characters --- */

static const char *caption_of(const char *text)
{
	struct buf packet = BUF_INIT;
	buf_puts(&packet, RDF_START " d:description=\"");
	buf_put_xml(&packet, text, strlen(text));
	buf_puts(&packet, "\">" RDF_END);
	struct image_metadata w = xmp(packet.data);
	buf_release(&packet);
	return w.caption;
}

static void test_junk(void **state)
{
	static const char *const nothing[] = {
		"OLYMPUS DIGITAL CAMERA",
		" olympus digital camera ",
		"SONY DSC",
		"Exif_JPEG_PICTURE",
		"DCIM/100MEDIA/DJI_0042.JPG",
		"Created with GIMP",
		"default",
		"untitled",
		"Untitled-1",
		"无标题",
		"Ohne Titel",
		"Screenshot",
		"Screenshot 2024-05-02 10.11.12",
		"IMG_2041",
		"img_20240502_101112-edited",
		"DSC01234",
		"P1010012",
		"holiday in Peru.jpg",
		"CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 90",
		"20240502",
		"- - -",
		"\xC2\xA0",
		"\xEF\xBF\xBD",
	};
	static const char *const something[] = {
		"A boat",
		"Image of a boat",
		"Photo: the lake at dusk",
		"Screenshot of the new start page",
		"Sony DSC cameras on a table",
		"P-51 Mustang over Duxford",
		"Vue du lac, 1987.",
		"湖",
		"Default settings of the program",
	};
	(void)state;
	for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
		if (caption_of(nothing[i]))
			fail_msg("\"%s\" says something", nothing[i]);
	for (size_t i = 0; i < sizeof something / sizeof *something; i++)
		says(caption_of(something[i]), something[i]);
	/* what is no caption may be a name */
	struct image_metadata w = xmp(RDF_START " d:creator='Camera Owner' d:rights='Copyright'"
						" p:Credit='unknown'>" RDF_END);
	says(w.creator, NULL);
	says(w.rights, NULL);
	says(w.credit, NULL);
	w = xmp(RDF_START " d:creator='Sam' d:rights='2024' p:Credit='Image'>" RDF_END);
	says(w.creator, "Sam");
	says(w.rights, "2024");
	says(w.credit, "Image");
}

static void test_lengths(void **state)
{
	char text[12001];
	(void)state;
	for (size_t i = 0; i < sizeof text - 1; i++)
		text[i] = i % 7 == 6 ? ' ' : 'b';
	text[sizeof text - 1] = '\0';
	const char *caption = caption_of(text);
	assert_true(utf8_length(caption, strlen(caption)) <= 4000);
	assert_true(utf8_length(caption, strlen(caption)) > 3980);
	assert_string_equal(caption + strlen(caption) - 7, "bbbb\xE2\x80\xA6");
	says(caption_of(caption), caption); /* cut once */
	text[4000] = '\0';
	assert_int_equal(strlen(caption_of(text)), 4000);
	/* one long word */
	memset(text, 'b', 12000);
	text[12000] = '\0';
	caption = caption_of(text);
	assert_int_equal(utf8_length(caption, strlen(caption)), 4000);
}

/* --- IIM --- */

#define IIM(record, number, len, s) "\x1C" record number "\0" len s
#define UTF8_DECLARED               IIM("\1", "\x5A", "\3", "\x1B%G")

static void test_iptc(void **state)
{
	(void)state;
	struct image_metadata w =
		from(image_metadata_add_iptc,
		     BYTES(UTF8_DECLARED IIM("\2", "\0", "\2", "\0\4")
				   IIM("\2", "\x78", "\7", "Ein B\xC3\xB6") /* cut */
			   IIM("\2", "\x50", "\3", "Ann") IIM("\2", "\x50", "\2", "Bo")
				   IIM("\2", "\x6E", "\3", "dpa") IIM("\2", "\x74", "\4", "Mine")));
	says(w.caption, "Ein Bö");
	says(w.creator, "Ann, Bo");
	says(w.credit, "dpa");
	says(w.rights, "Mine");
	assert_false(w.is_private);
	/* declared, and cut within its last character */
	w = from(image_metadata_add_iptc, BYTES(UTF8_DECLARED IIM("\2", "\x78", "\5", "Boot\xC3")));
	says(w.caption, "Boot");
	/* not declared: UTF-8, or Windows-1252 */
	w = from(image_metadata_add_iptc, BYTES(IIM("\2", "\x78", "\5", "B\xC3\xB6ot")));
	says(w.caption, "Böot");
	w = from(image_metadata_add_iptc, BYTES(IIM("\2", "\x78", "\6",
						    "\x93"
						    "B\xF6ot\x94")));
	says(w.caption, "“Böot”");
	/* places */
	w = from(image_metadata_add_iptc, BYTES(IIM("\2", "\x5A", "\4", "Lima")));
	assert_true(w.is_private);
	/* a length of four bytes; what is cut off is not read */
	w = from(image_metadata_add_iptc, BYTES("\x1C\2\x78\x80\4\0\0\0\4Boat"));
	says(w.caption, "Boat");
	w = from(image_metadata_add_iptc, BYTES("\x1C\2\x78\x80\4\0\0\0\5Boat"));
	says(w.caption, NULL);
	assert_true(w.is_private);
	w = from(image_metadata_add_iptc, BYTES("\x1C\2\x78\xFF\xFF"));
	says(w.caption, NULL);
}

static void test_resources(void **state)
{
	static const char resources[] =
		"Photoshop 3.0\0"
		"8BIM\3\xED\0\0\0\0\0\3abc\0"
		"8BIM\4\4\3one\0\0\0\x0A" IIM("\2", "\x78", "\5",
					      "A boa") "8BIM"
						       "\4\4\0\0\0\0\0\x09" IIM("\2", "\x6E", "\4",
										"Wire");
	struct image_metadata w;
	(void)state;
	w = from(image_metadata_add_iptc, BYTES(resources));
	says(w.caption, "A boa");
	says(w.credit, "Wire");
	assert_false(w.is_private);
	for (size_t n = 14; n < sizeof resources - 1; n++) { /* cut anywhere */
		w = from(image_metadata_add_iptc, resources, n);
		says(w.credit, NULL);
	}
}

/* --- Exif --- */

#define BE_ENTRY(tag, type, count, value) tag type "\0\0\0" count value
#define BE_HEAD                           "MM\0*\0\0\0\x08"

static void test_exif(void **state)
{
	struct image_metadata w;
	(void)state;
	w = from(image_metadata_add_exif,
		 BYTES(BE_HEAD "\0\4" BE_ENTRY("\1\x0E", "\0\2", "\7", "\0\0\0\x3E")
			       BE_ENTRY("\1\x12", "\0\3", "\1",
					"\0\6\0\0") BE_ENTRY("\1\x3B", "\0\2", "\4", "Ann\0")
				       BE_ENTRY("\x82\x98", "\0\2", "\4", "Me\0\0") "\0\0\0\0"
										    "A boat\0"));
	says(w.caption, "A boat");
	says(w.creator, "Ann");
	says(w.rights, "Me");
	assert_int_equal(w.orientation, 6);
	assert_false(w.is_private);
	/* little-endian, named as in a JPEG */
	w = from(image_metadata_add_exif,
		 BYTES("Exif\0\0II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\3\0\0\0"
		       "\0\0\0\0"));
	assert_int_equal(w.orientation, 3);
	assert_false(w.is_private);
	static const char *const private[] = {
		BE_ENTRY("\1\x0F", "\0\2", "\4", "Cam\0"),        /* Make */
		BE_ENTRY("\x88\x25", "\0\4", "\1", "\0\0\0\x08"), /* GPS: IFD0 itself will do */
	};
	for (size_t i = 0; i < 2; i++) {
		char block[26];
		memcpy(block, BE_HEAD "\0\1", 10);
		memcpy(block + 10, private[i], 12);
		memset(block + 22, 0, 4);
		assert_true(from(image_metadata_add_exif, block, sizeof block).is_private);
	}
	/* broken: nothing but bytes that nobody knows */
	static const struct {
		const char *s;
		size_t len;
	} broken[] = {
		{BYTES("MM\0*\0\0\0\x08")},
		{BYTES("MM\0*\xFF\xFF\xFF\xFF\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0")},
		{BYTES("MM\0*\0\0\0\x08\xFF\xFF\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0")},
		{BYTES("XX\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0")},
	};
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		w = from(image_metadata_add_exif, broken[i].s, broken[i].len);
		assert_int_equal(w.orientation, 0);
		assert_true(w.is_private);
	}
	/* a text that lies outside */
	w = from(image_metadata_add_exif,
		 BYTES(BE_HEAD "\0\1" BE_ENTRY("\1\x0E", "\0\2", "\7", "\0\0\0\x14") "\0\0\0\0"));
	says(w.caption, NULL);
}

/* --- Whole files --- */

static void put_be16(struct buf *out, unsigned n)
{
	buf_putc(out, (char)(n >> 8));
	buf_putc(out, (char)n);
}

static void put_segment(struct buf *out, unsigned marker, const char *bytes, size_t size)
{
	buf_putc(out, '\xFF');
	buf_putc(out, (char)marker);
	put_be16(out, (unsigned)size + 2);
	buf_append(out, bytes, size);
}

#define JFIF "JFIF\0\1\1\0\0\1\0\1\0\0"
/* A frame, a scan with a stuffed byte and a restart in it, a table between scans. */
static const char picture[] = "\xFF\xC2\0\x0B\x08\0\x05\0\x07\1\1\x11\0"
			      "\xFF\xDA\0\x08\1\1\0\0\x3F\0\x2A\xFF\0\xFF\xD0\x2B"
			      "\xFF\xC4\0\4\1\2\xFF\xDA\0\x08\1\1\0\0\x3F\0\x2A\xFF\xD9";

static void put_xmp(struct buf *out, const char *packet)
{
	struct buf segment = BUF_INIT;
	buf_append(&segment, "http://ns.adobe.com/xap/1.0/", 29);
	buf_puts(&segment, packet);
	put_segment(out, 0xE1, segment.data, segment.len);
	buf_release(&segment);
}

static void put_png(struct buf *out, const char *type, const char *bytes, size_t size)
{
	put_be16(out, (unsigned)(size >> 16));
	put_be16(out, (unsigned)size);
	size_t at = out->len;
	buf_append(out, type, 4);
	buf_append(out, bytes, size);
	uint32_t crc = libdeflate_crc32(0, out->data + at, size + 4);
	put_be16(out, crc >> 16);
	put_be16(out, crc & 0xFFFF);
}

static void start_png(struct buf *out)
{
	buf_append(out, "\x89PNG\r\n\x1A\n", 8);
	put_png(out, "IHDR", BYTES("\0\0\0\1\0\0\0\1\x08\6\0\0\0"));
}

static void end_png(struct buf *out)
{
	put_png(out, "IDAT", BYTES("\x78\xDA\x63\x64\xF8\xCF\x50\x0F\0\3\x86\1\x80"));
	put_png(out, "IEND", "", 0);
}

static struct image_metadata metadata_in(const struct buf *file)
{
	struct image_info info;
	struct image_metadata words;
	assert_false(file->failed);
	assert_int_equal(image_identify(file->data, file->len, &info), 0);
	image_metadata_read(file->data, file->len, info.kind, &arena, &words);
	return words;
}

static bool write_words(const struct buf *file, const struct image_metadata *words, bool drop,
			struct buf *out)
{
	struct image_info info;
	assert_int_equal(image_identify(file->data, file->len, &info), 0);
	bool changed = image_metadata_write(file->data, file->len, info.kind, words, drop, out);
	assert_false(out->failed);
	assert_int_equal(changed, out->len > 0);
	return changed;
}

static bool has(const struct buf *file, const char *what, size_t len)
{
	return memmem(file->data, file->len, what, len) != NULL;
}

/* Everything that cameras and programs leave. */
static void put_busy_jpeg(struct buf *out)
{
	buf_append(out, "\xFF\xD8", 2);
	put_segment(out, 0xE0, BYTES(JFIF));
	put_segment(out, 0xE0, BYTES("JFXX\0\x10small"));
	put_segment(out, 0xE1,
		    BYTES("Exif\0\0" BE_HEAD "\0\3" BE_ENTRY("\1\x0E", "\0\2", "\4", "Exi\0")
				  BE_ENTRY("\1\x0F", "\0\2", "\4", "Cam\0") BE_ENTRY(
					  "\1\x12", "\0\3", "\1", "\0\x08\0\0") "\0\0\0\0"));
	put_xmp(out, RDF_START " p:City='Lima'><d:creator>Ann</d:creator>" RDF_END);
	put_segment(out, 0xE2, BYTES("ICC_PROFILE\0\1\1profile"));
	put_segment(out, 0xE2, BYTES("MPF\0MM\0*"));
	put_segment(out, 0xEB, BYTES("JP\0\1manifest"));
	put_segment(out, 0xED,
		    BYTES("Photoshop 3.0\0"
			  "8BIM\4\4\0\0\0\0\0\x0E" IIM("\2", "\x5A", "\4", "Lima")
				  IIM("\2", "\x78", "\0", "") "8BIM\4\4\0\0\0\0\0\x0D" IIM(
					  "\2", "\x6E", "\x08", "The Wire")));
	put_segment(out, 0xEE, BYTES("Adobe\0\x64\0\0\0\0\1"));
	put_segment(out, 0xFE, BYTES("a comment"));
	buf_append(out, BYTES(picture));
	buf_append(out, BYTES("\0\0\0\x18"
			      "ftypmp42, a video that says where it was taken"));
}

static void test_jpeg(void **state)
{
	struct buf file = BUF_INIT, out = BUF_INIT, again = BUF_INIT;
	(void)state;
	put_busy_jpeg(&file);
	struct image_metadata w = metadata_in(&file);
	says(w.caption, "Exi");
	says(w.creator, "Ann");
	says(w.credit, "The Wire");
	assert_int_equal(w.orientation, 8);
	assert_true(w.is_private);

	assert_true(write_words(&file, NULL, true, &out));
	struct image_metadata w2 = metadata_in(&out);
	says(w2.caption, "Exi");
	says(w2.creator, "Ann");
	says(w2.credit, "The Wire");
	assert_int_equal(w2.orientation, 8);
	assert_false(w2.is_private);
	assert_false(has(&out, BYTES("Lima")));
	assert_false(has(&out, BYTES("Cam")));
	assert_false(has(&out, BYTES("MPF")));
	assert_false(has(&out, BYTES("JFXX")));
	assert_false(has(&out, BYTES("manifest")));
	assert_false(has(&out, BYTES("ftyp")));
	assert_true(has(&out, BYTES("ICC_PROFILE\0\1\1profile")));
	assert_false(has(&out, BYTES("a comment")));
	assert_true(has(&out, BYTES("Adobe\0\x64")));
	assert_memory_equal(out.data, "\xFF\xD8\xFF\xE0\0\x10" JFIF, 20);
	assert_memory_equal(out.data + out.len - (sizeof picture - 1), picture, sizeof picture - 1);
	/* done once and for all */
	assert_false(write_words(&out, NULL, true, &again));
	buf_release(&file);
	buf_release(&out);
}

static void test_jpeg_new_metadata(void **state)
{
	struct buf file = BUF_INIT, out = BUF_INIT, bare = BUF_INIT, again = BUF_INIT;
	struct image_metadata new = {.caption = "New & <good>",
				     .alt = "A boat",
				     .licence = "https://example.org/?a=1&b=2"},
			      none = {0};
	(void)state;
	put_busy_jpeg(&file);
	assert_true(write_words(&file, &new, false, &out));
	struct image_metadata w = metadata_in(&out);
	says(w.caption, "New & <good>");
	says(w.alt, "A boat");
	says(w.licence, "https://example.org/?a=1&b=2");
	says(w.creator, NULL);
	says(w.credit, NULL);
	assert_int_equal(w.orientation, 8);
	assert_false(write_words(&out, &new, false, &again)); /* they are there */
	buf_truncate(&out, 0);
	assert_true(write_words(&file, &none, true, &out));
	w = metadata_in(&out);
	says(w.caption, NULL);
	says(w.creator, NULL);
	assert_false(w.is_private);
	/* a picture that has nothing */
	buf_append(&bare, "\xFF\xD8", 2);
	buf_append(&bare, BYTES(picture));
	assert_false(write_words(&bare, NULL, true, &again));
	assert_false(write_words(&bare, &none, true, &again));
	assert_true(write_words(&bare, &new, true, &again));
	says(metadata_in(&again).caption, "New & <good>");
	buf_release(&file);
	buf_release(&out);
	buf_release(&bare);
	buf_release(&again);
}

/* Blocks between scans, behind garbage, with fill before them: what is left is read as before. */
static void test_jpeg_scans(void **state)
{
	struct buf file = BUF_INIT, out = BUF_INIT, again = BUF_INIT;
	(void)state;
	buf_append(&file, "\xFF\xD8", 2);
	buf_append(&file, picture, sizeof picture - 3); /* without its end */
	buf_append(&file, "\xFF\xFF", 2);
	put_segment(&file, 0xE6, BYTES("GoPro\0where"));
	buf_append(&file, BYTES("\xD9garbage"));
	put_segment(&file, 0xE1,
		    BYTES("Exif\0\0" BE_HEAD
			  "\0\1" BE_ENTRY("\1\x0F", "\0\2", "\4", "Cam\0") "\0\0\0\0"));
	put_segment(&file, 0xE6, BYTES("GoPro\0when"));
	buf_append(&file, BYTES("\xFF\xD9"));
	assert_true(metadata_in(&file).is_private);
	assert_true(write_words(&file, NULL, true, &out));
	assert_false(metadata_in(&out).is_private);
	assert_false(has(&out, BYTES("GoPro")));
	assert_false(has(&out, BYTES("Cam")));
	assert_true(has(&out, BYTES("\xD9garbage\xFF\xD9")));
	assert_false(write_words(&out, NULL, true, &again));
	buf_release(&file);
	buf_release(&out);
}

/* All words as long as they may be, of characters that must be escaped, fit into a segment. */
static void test_longest(void **state)
{
	struct buf bare = BUF_INIT, out = BUF_INIT;
	char text[20001], address[901];
	(void)state;
	memset(text, '"', sizeof text - 1);
	text[0] = 'a';
	text[sizeof text - 1] = '\0';
	memset(address, '&', sizeof address - 1);
	memcpy(address, "https://a/", 10);
	address[sizeof address - 1] = '\0';
	struct image_metadata new = {text, text, text, text, text, text, address, 0, false};
	buf_append(&bare, "\xFF\xD8", 2);
	buf_append(&bare, BYTES(picture));
	assert_true(write_words(&bare, &new, true, &out));
	struct image_metadata w = metadata_in(&out);
	assert_int_equal(utf8_length(w.caption, strlen(w.caption)), 4000);
	assert_int_equal(utf8_length(w.description, strlen(w.description)), 3000);
	says(w.licence, address);
	buf_release(&bare);
	buf_release(&out);
}

/* XMP in pieces, in any order; one that lacks a piece says nothing and goes. */
static void test_extended(void **state)
{
	static const char more[] = RDF_START " d:rights='Mine, all of it'>" RDF_END;
	enum { SIZE = sizeof more - 1, HALF = SIZE / 2 };
	(void)state;
	for (int missing = 0; missing < 2; missing++) {
		struct buf file = BUF_INIT, out = BUF_INIT;
		buf_append(&file, "\xFF\xD8", 2);
		put_xmp(&file, RDF_START " d:description='A boat'>" RDF_END);
		for (int i = 1; i >= missing; i--) {
			struct buf piece = BUF_INIT;
			buf_append(&piece, "http://ns.adobe.com/xmp/extension/", 35);
			buf_puts(&piece, "0123456789ABCDEF0123456789ABCDEF");
			put_be16(&piece, 0);
			put_be16(&piece, SIZE);
			put_be16(&piece, 0);
			put_be16(&piece, i ? HALF : 0);
			buf_append(&piece, more + (i ? HALF : 0), i ? SIZE - HALF : HALF);
			put_segment(&file, 0xE1, piece.data, piece.len);
			buf_release(&piece);
		}
		buf_append(&file, BYTES(picture));
		struct image_metadata w = metadata_in(&file);
		says(w.caption, "A boat");
		says(w.rights, missing ? NULL : "Mine, all of it");
		assert_int_equal(w.is_private, missing);
		assert_int_equal(write_words(&file, NULL, true, &out), missing);
		if (missing) {
			assert_false(has(&out, BYTES("extension")));
			says(metadata_in(&out).caption, "A boat");
		}
		buf_release(&file);
		buf_release(&out);
	}
}

static void put_packed(struct buf *out, const char *type, const char *head, size_t head_len,
		       const char *text, size_t len)
{
	char packed[4096];
	struct buf chunk = BUF_INIT;
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
	size_t n = libdeflate_zlib_compress(c, text, len, packed, sizeof packed);
	assert_true(n > 0);
	libdeflate_free_compressor(c);
	buf_append(&chunk, head, head_len);
	buf_append(&chunk, packed, n);
	put_png(out, type, chunk.data, chunk.len);
	buf_release(&chunk);
}

static void test_png(void **state)
{
	static const char packet[] = RDF_START " d:description='A boat' p:City='Lima'>" RDF_END;
	struct buf file = BUF_INIT, out = BUF_INIT, again = BUF_INIT;
	(void)state;
	start_png(&file);
	put_png(&file, "gAMA", BYTES("\0\0\xB1\x8F"));
	put_png(&file, "tEXt", BYTES("Author\0B\xF6"));
	put_png(&file, "tEXt", BYTES("exif:GPSInfo\0here"));
	put_packed(&file, "zTXt", BYTES("Copyright\0\0"), BYTES("Mine"));
	put_packed(&file, "iTXt", BYTES("XML:com.adobe.xmp\0\1\0\0\0"), BYTES(packet));
	put_packed(&file, "zTXt", BYTES("Raw profile type iptc\0\0"),
		   BYTES("\niptc\n      18\n1c025a00044c696d61\n1c026e000457697265\n"));
	put_png(&file, "eXIf",
		BYTES(BE_HEAD "\0\1" BE_ENTRY("\1\x0F", "\0\2", "\4", "Cam\0") "\0\0\0\0"));
	put_png(&file, "caBX", BYTES("manifest"));
	end_png(&file);
	buf_append(&file, BYTES("what has been cut away, in another picture"));
	struct image_metadata w = metadata_in(&file);
	says(w.caption, "A boat");
	says(w.creator, "Bö");
	says(w.rights, "Mine");
	says(w.credit, "Wire");
	assert_true(w.is_private);

	assert_true(write_words(&file, NULL, true, &out));
	struct image_metadata w2 = metadata_in(&out);
	says(w2.caption, "A boat");
	says(w2.creator, NULL); /* may be the name of a computer's user */
	says(w2.rights, "Mine");
	says(w2.credit, "Wire");
	assert_false(w2.is_private);
	assert_true(has(&out, BYTES("gAMA")));
	assert_false(has(&out, BYTES("Author")));
	assert_false(has(&out, BYTES("GPS")));
	assert_false(has(&out, BYTES("Lima")));
	assert_false(has(&out, BYTES("eXIf")));
	assert_false(has(&out, BYTES("caBX")));
	assert_false(has(&out, BYTES("Raw profile")));
	assert_memory_equal(out.data + out.len - 8, "IEND\xAE\x42\x60\x82", 8);
	assert_false(write_words(&out, NULL, true, &again));

	struct image_metadata new = {.caption = "New"};
	assert_true(write_words(&file, &new, false, &again));
	w = metadata_in(&again);
	says(w.caption, "New");
	says(w.creator, NULL);
	says(w.rights, NULL);
	says(w.credit, NULL);
	buf_release(&file);
	buf_release(&out);
	buf_release(&again);
}

/* Much in little: what unpacks to more than a text can have is not unpacked; many blocks of a kind
 * are not all read. */
static void test_png_bombs(void **state)
{
	struct buf file = BUF_INIT, out = BUF_INIT, chunk = BUF_INIT;
	enum { UNPACKED = 64 << 20, MANY = 100000 };
	char *zeros = calloc(1, UNPACKED), *packed = malloc(1 << 20);
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
	(void)state;
	memset(zeros, ' ', UNPACKED);
	size_t n = libdeflate_zlib_compress(c, zeros, UNPACKED, packed, 1 << 20);
	assert_true(n > 0);
	start_png(&file);
	for (int i = 0; i < 200; i++) {
		buf_truncate(&chunk, 0);
		buf_append(&chunk, BYTES("XML:com.adobe.xmp\0\1\0\0\0"));
		buf_append(&chunk, packed, n);
		put_png(&file, "iTXt", chunk.data, chunk.len);
	}
	for (int i = 0; i < MANY; i++)
		put_png(&file, "iTXt", BYTES("XML:com.adobe.xmp\0\0\0\0\0<a/>"));
	end_png(&file);
	assert_true(metadata_in(&file).is_private);
	assert_true(write_words(&file, NULL, true, &out));
	assert_false(metadata_in(&out).is_private);
	assert_true(out.len < 200);
	libdeflate_free_compressor(c);
	free(zeros);
	free(packed);
	buf_release(&file);
	buf_release(&out);
	buf_release(&chunk);
}

static void test_webp_and_gif(void **state)
{
	static const char packet[] = RDF_START " d:description='A boat'>" RDF_END;
	struct buf file = BUF_INIT, chunks = BUF_INIT;
	unsigned n = sizeof packet - 1;
	(void)state;
	buf_append(&chunks,
		   BYTES("WEBPVP8X\x0A\0\0\0\x0C\0\0\0\4\0\0\3\0\0VP8L\5\0\0\0\x2F\4\xC0\0\0\0"));
	buf_append(&chunks, BYTES("EXIF\x1A\0\0\0" BE_HEAD "\0\1" BE_ENTRY(
				    "\1\x12", "\0\3", "\1", "\0\6\0\0") "\0\0\0\0XMP "));
	char size[4] = {(char)n, (char)(n >> 8), 0, 0};
	buf_append(&chunks, size, 4);
	buf_append(&chunks, packet, n);
	if (n % 2)
		buf_putc(&chunks, '\0');
	n = (unsigned)chunks.len;
	size[0] = (char)n;
	size[1] = (char)(n >> 8);
	buf_append(&file, "RIFF", 4);
	buf_append(&file, size, 4);
	buf_append(&file, chunks.data, chunks.len);
	struct image_metadata w = metadata_in(&file);
	says(w.caption, "A boat");
	assert_int_equal(w.orientation, 6);
	assert_false(w.is_private);

	buf_truncate(&file, 0);
	buf_append(&file, BYTES("GIF89a\2\0\3\0\x80\0\0\0\0\0\xFF\xFF\xFF!\xF9\4\1\0\0\0\0"
				"!\xFF\x0BXMP DataXMP"));
	buf_append(&file, packet, sizeof packet - 1);
	buf_putc(&file, 1);
	for (int i = 255; i >= 0; i--)
		buf_putc(&file, (char)i);
	buf_append(&file, BYTES("\0,\0\0\0\0\2\0\3\0\0\2\2\x44\1\0;"));
	w = metadata_in(&file);
	says(w.caption, "A boat");
	assert_false(w.is_private);
	for (size_t i = 0; i < file.len; i++) { /* cut anywhere */
		char *cut = malloc(i + 1);
		memcpy(cut, file.data, i);
		image_metadata_read(cut, i, IMAGE_GIF, &arena, &w);
		free(cut);
	}
	buf_release(&file);
	buf_release(&chunks);
}

/* A file that is cut short or is of another kind is left alone. */
static void test_not_written(void **state)
{
	struct buf file = BUF_INIT, out = BUF_INIT;
	struct image_metadata w, new = {.caption = "New"};
	(void)state;
	put_busy_jpeg(&file);
	for (size_t n = 0; n < file.len; n++) {
		char *cut = malloc(n + 1);
		memcpy(cut, file.data, n);
		image_metadata_read(cut, n, IMAGE_JPEG, &arena, &w);
		image_metadata_read(cut, n, IMAGE_PNG, &arena, &w);
		image_metadata_read(cut, n, IMAGE_WEBP, &arena, &w);
		image_metadata_write(cut, n, IMAGE_JPEG, &new, true, &out);
		buf_truncate(&out, 0);
		free(cut);
	}
	assert_false(image_metadata_write(file.data, 200, IMAGE_JPEG, &new, true, &out));
	assert_false(image_metadata_write(file.data, file.len, IMAGE_PNG, &new, true, &out));
	assert_false(image_metadata_write(file.data, file.len, IMAGE_GIF, &new, true, &out));
	assert_false(image_metadata_write(file.data, file.len, IMAGE_JPEG, NULL, false, &out));
	assert_int_equal(out.len, 0);
	buf_release(&file);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_xmp_forms, release),
		cmocka_unit_test_teardown(test_xmp_private, release),
		cmocka_unit_test_teardown(test_xmp_broken, release),
		cmocka_unit_test_teardown(test_junk, release),
		cmocka_unit_test_teardown(test_lengths, release),
		cmocka_unit_test_teardown(test_iptc, release),
		cmocka_unit_test_teardown(test_resources, release),
		cmocka_unit_test_teardown(test_exif, release),
		cmocka_unit_test_teardown(test_jpeg, release),
		cmocka_unit_test_teardown(test_jpeg_new_metadata, release),
		cmocka_unit_test_teardown(test_jpeg_scans, release),
		cmocka_unit_test_teardown(test_longest, release),
		cmocka_unit_test_teardown(test_extended, release),
		cmocka_unit_test_teardown(test_png, release),
		cmocka_unit_test_teardown(test_png_bombs, release),
		cmocka_unit_test_teardown(test_webp_and_gif, release),
		cmocka_unit_test_teardown(test_not_written, release),
	};
	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}

/* Writes a JPEG as a printer's program does that means well: CMYK as YCCK, turned inside out, with
 * Adobe's marker. ycck WIDTH HEIGHT RAW OUT; RAW: four bytes a pixel. */
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

int main(int argc, char **argv)
{
	struct jpeg_compress_struct c;
	struct jpeg_error_mgr manager;
	if (argc != 5)
		return 2;
	FILE *in = fopen(argv[3], "rb"), *out = fopen(argv[4], "wb");
	if (!in || !out)
		return 1;
	c.err = jpeg_std_error(&manager);
	jpeg_create_compress(&c);
	jpeg_stdio_dest(&c, out);
	c.image_width = (JDIMENSION)atoi(argv[1]);
	c.image_height = (JDIMENSION)atoi(argv[2]);
	c.input_components = 4;
	c.in_color_space = JCS_CMYK;
	jpeg_set_defaults(&c);
	jpeg_set_colorspace(&c, JCS_YCCK);
	jpeg_set_quality(&c, 92, TRUE);
	jpeg_start_compress(&c, TRUE);
	size_t len = (size_t)c.image_width * 4;
	unsigned char *row = malloc(len);
	while (c.next_scanline < c.image_height && fread(row, 1, len, in) == len) {
		for (size_t i = 0; i < len; i++)
			row[i] = (unsigned char)(255 - row[i]);
		jpeg_write_scanlines(&c, &row, 1);
	}
	jpeg_finish_compress(&c);
	jpeg_destroy_compress(&c);
	free(row);
	fclose(in);
	return fclose(out);
}

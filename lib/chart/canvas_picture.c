#include "chart/canvas_picture.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

static int decode(png_image *image, struct err *e)
{
	void *pixels;
	int ok;

	if (image->width != image->height ||
	    (image->width != 256 && image->width != 512))
		return err_set(e, "a tile of %u x %u pixels, not 256 or 512",
		    (unsigned)image->width, (unsigned)image->height);
	image->format = PNG_FORMAT_RGBA;
	pixels = malloc(PNG_IMAGE_SIZE(*image));
	if (pixels == NULL)
		return err_set(e, "no memory for a tile");
	ok = png_image_finish_read(image, NULL, pixels, 0, NULL);
	free(pixels);
	return ok ? 0 : err_set(e, "a broken PNG: %s", image->message);
}

int picture_check(struct span png, struct err *e)
{
	png_image image;
	int rc;

	if (png.n > PICTURE_BYTES_MAX)
		return err_set(
		    e, "a tile of more than %zu KB", PICTURE_BYTES_MAX / 1024);
	memset(&image, 0, sizeof(image));
	image.version = PNG_IMAGE_VERSION;
	if (!png_image_begin_read_from_memory(&image, png.p, png.n))
		return err_set(e, "not a PNG: %s", image.message);
	rc = decode(&image, e);
	png_image_free(&image);
	return rc;
}

#!/bin/sh
# Print C source that holds the given files byte for byte: the table of base/embedded.h.
# Names must come sorted.
set -eu
export LC_ALL=C
echo '#include "base/embedded.h"'
i=0
for f; do
	printf 'static const unsigned char f%d[] = {\n' "$i"
	od -An -v -tu1 "$f" | sed 's/  */,/g; s/^,//; s/$/,/; s/,,*$/,/'
	printf '0};\n'
	i=$((i + 1))
done
echo 'const struct embedded_file embedded_files[] = {'
i=0
for f; do
	printf '{"%s", (const char *)f%d, sizeof f%d - 1},\n' "$f" "$i" "$i"
	i=$((i + 1))
done
echo '};'
printf 'const size_t embedded_count = %d;\n' "$i"

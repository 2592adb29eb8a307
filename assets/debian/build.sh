#!/bin/sh
# For `make deb`: build.sh VERSION builds the Debian packages of this source into build/deb.
set -eu
cd "$(dirname "$0")/../.."
source=build/deb/chapbook-$1
log=build/deb/build.log
rm -rf build/deb
mkdir -p "$source"
tar -c --exclude=./build --exclude=./.git . | tar -x -C "$source"
cp -R assets/debian "$source/debian"
rm "$source/debian/build.sh"
sed -i "s/@VERSION@/$1/" "$source/debian/changelog"
(cd "$source" && env -u MAKEFLAGS -u MAKELEVEL -u CFLAGS -u LDFLAGS \
	dpkg-buildpackage -b -us -uc -j"$(nproc)") >"$log" 2>&1 || {
	tail -20 "$log" >&2
	echo "make deb: dpkg-buildpackage failed; $log has more" >&2
	exit 1
}
rm -rf "$source"
ls build/deb/*.deb

#!/bin/sh
# For `make install`: loader.sh LIBDIR lets the loader know of a library in LIBDIR, or says how.
PATH=$PATH:/usr/sbin:/sbin
wanted=$(readlink -f "$1")
ldconfig -v -N -X 2>/dev/null | sed -n 's/^\(\/[^:]*\):.*/\1/p' | {
	while read -r folder; do
		[ "$(readlink -f "$folder")" != "$wanted" ] || exit 0
	done
	exit 1
} || {
	echo "chapbook: the loader does not look into $1. Programs that use the library need" \
		"LD_LIBRARY_PATH=$1 , or once, as root:" \
		"echo $1 >/etc/ld.so.conf.d/chapbook.conf && ldconfig"
	exit
}
ldconfig 2>/dev/null || echo "chapbook: run as root: ldconfig"

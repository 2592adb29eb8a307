# chapbook: articles to e-books. `make help` lists the targets.

PREFIX      ?= /usr/local
BINDIR      ?= $(PREFIX)/bin
LIBDIR      ?= $(PREFIX)/lib
INCLUDEDIR  ?= $(PREFIX)/include
DATADIR     ?= $(PREFIX)/share

B           ?= build
CC          ?= cc
CFLAGS      ?= -O2 -g
WARNINGS    := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes
ifeq ($(DEVELOPER),1)
WARNINGS    += -Werror
endif
VERSION     := $(shell sed -n 's/^\#define CHAPBOOK_VERSION "\(.*\)"/\1/p' src/chapbook.h)
RELEASED    := $(shell sed -n 's/^\#define CHAPBOOK_RELEASED "\(.*\)"/\1/p' src/chapbook.h)
SOVERSION   := 0

PACKAGES    := libxml-2.0 libzip icu-uc libdeflate libcmark-gfm yaml-0.1 gumbo jansson nettle zlib
# Whose headers are used, but which are loaded only when they are needed.
ON_DEMAND   := vips pangocairo pangoft2 librsvg-2.0 libturbojpeg libcurl gmime-3.0
# Asked for only when something is compiled, and then once: `make demo` installs pkg-config first.
PKG_CFLAGS   = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $(PACKAGES) $(ON_DEMAND) 2>/dev/null || echo missing))$(need-libraries)$(PKG_CFLAGS)
need-libraries = $(if $(filter missing,$(PKG_CFLAGS)),$(error $(shell tests/deps.sh --missing build)))
PKG_LIBS     = $(shell pkg-config --libs $(PACKAGES)) -lcmark-gfm-extensions -lcsv -ldl -lm -pthread

# The program takes the small libraries from their archives where there are any: loading six more
# shared objects would cost a third of its start-up.
SMALL        = cmark-gfm-extensions cmark-gfm gumbo jansson yaml deflate nettle csv
archive      = $(if $(findstring /,$(shell $(CC) -print-file-name=lib$(1).a)),-l:lib$(1).a,-l$(1))
PROGRAM_LIBS = $(shell pkg-config --libs libxml-2.0 libzip icu-uc zlib) $(foreach l,$(SMALL),$(call archive,$(l))) -ldl -lm -pthread

ALL_CFLAGS   = -std=c11 -D_GNU_SOURCE -Isrc $(PKG_CFLAGS) $(WARNINGS) $(CFLAGS) -fPIC -fvisibility=hidden -pthread

SRCS        := $(filter-out src/main.c,$(sort $(shell find src -name "*.c")))
CLI_SRCS    := $(filter src/cli/%,$(SRCS)) src/main.c
LIB_SRCS    := $(filter-out src/cli/%,$(SRCS))
LIB_OBJS    := $(LIB_SRCS:%.c=$(B)/%.o) $(B)/embedded.o
CLI_OBJS    := $(CLI_SRCS:%.c=$(B)/%.o)
EMBED       := $(sort $(filter-out %.md,$(wildcard templates/* assets/*.css assets/*.tsv)))
UNIT        := $(patsubst tests/unit/%.c,$(B)/unit/%,$(sort $(wildcard tests/unit/test_*.c)))

# Builds for the targets below: one job per core, unless make got -j itself.
BUILD        = $(MAKE) -s $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

.PHONY: all
all: $(B)/chapbook $(B)/libchapbook.a $(B)/libchapbook.so $(B)/chapbook.3

$(B)/chapbook: $(CLI_OBJS) $(B)/libchapbook.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(PROGRAM_LIBS)

$(B)/chapbook.3: src/manual.awk src/chapbook.h assets/example.c
	@mkdir -p $(@D)
	awk -v version=$(VERSION) -v released=$(RELEASED) -v example=assets/example.c -f $< src/chapbook.h > $@.tmp && \
	    mv $@.tmp $@

$(B)/libchapbook.a: $(LIB_OBJS)
	rm -f $@.tmp && $(AR) qcs $@.tmp $^ && mv $@.tmp $@

$(B)/libchapbook.so: $(LIB_OBJS)
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,libchapbook.so.$(SOVERSION) -o $@ $^ $(PKG_LIBS)

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/embedded.o: $(B)/embedded.c
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(B)/embedded.c: src/embed.sh $(EMBED) Makefile
	@mkdir -p $(@D)
	sh src/embed.sh $(EMBED) > $@.tmp && mv $@.tmp $@

$(B)/unit/%: tests/unit/%.c $(B)/libchapbook.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -o $@ $< $(B)/libchapbook.a $(PKG_LIBS) -lcmocka

# Programs for files that are not in this repository: make check-shared.
$(B)/shared/%: tests/shared/%.c $(B)/libchapbook.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -o $@ $< $(B)/libchapbook.a $(PKG_LIBS) -lcmocka

$(B)/corpus/html5lib: tests/corpus/html5lib.c $(B)/libchapbook.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -o $@ $< $(B)/libchapbook.a $(PKG_LIBS)

# --- For users ---

.PHONY: deps demo install uninstall deb
deps:
	@tests/deps.sh build

demo:
	@tests/deps.sh build
	+@$(BUILD) all
	@cd $(B) && ./chapbook --photo ../assets/sample/lake.jpg -o sample.epub ../assets/sample/article.txt >/dev/null
	@echo
	@$(B)/chapbook info $(B)/sample.epub
	@echo
	@echo "The book is $(B)/sample.epub: open it in any e-book reader."

MANDIR      ?= $(DATADIR)/man
BASHDIR     ?= $(DATADIR)/bash-completion/completions
ZSHDIR      ?= $(DATADIR)/zsh/site-functions
FISHDIR     ?= $(DATADIR)/fish/vendor_completions.d
INSTALLED   := $(BINDIR)/chapbook $(LIBDIR)/libchapbook.a $(LIBDIR)/libchapbook.so \
               $(LIBDIR)/libchapbook.so.$(SOVERSION) $(INCLUDEDIR)/chapbook.h \
               $(LIBDIR)/pkgconfig/chapbook.pc $(MANDIR)/man1/chapbook.1 $(MANDIR)/man3/chapbook.3 \
               $(BASHDIR)/chapbook \
               $(ZSHDIR)/_chapbook $(FISHDIR)/chapbook.fish

install: all
	install -d $(addprefix $(DESTDIR),$(sort $(dir $(INSTALLED))))
	install -m 755 $(B)/chapbook $(DESTDIR)$(BINDIR)/chapbook
	install -m 644 $(B)/libchapbook.a $(DESTDIR)$(LIBDIR)/libchapbook.a
	install -m 755 $(B)/libchapbook.so $(DESTDIR)$(LIBDIR)/libchapbook.so.$(SOVERSION)
	ln -sf libchapbook.so.$(SOVERSION) $(DESTDIR)$(LIBDIR)/libchapbook.so
	install -m 644 src/chapbook.h $(DESTDIR)$(INCLUDEDIR)/chapbook.h
	sed -e 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@INCLUDEDIR@|$(INCLUDEDIR)|' \
	    -e 's|@VERSION@|$(VERSION)|; s|@PACKAGES@|$(PACKAGES)|' \
	    assets/chapbook.pc.in > $(DESTDIR)$(LIBDIR)/pkgconfig/chapbook.pc
	install -m 644 assets/chapbook.1 $(DESTDIR)$(MANDIR)/man1/chapbook.1
	install -m 644 $(B)/chapbook.3 $(DESTDIR)$(MANDIR)/man3/chapbook.3
	$(B)/chapbook completions bash > $(DESTDIR)$(BASHDIR)/chapbook
	chmod 644 $(DESTDIR)$(BASHDIR)/chapbook
	$(B)/chapbook completions zsh > $(DESTDIR)$(ZSHDIR)/_chapbook
	chmod 644 $(DESTDIR)$(ZSHDIR)/_chapbook
	$(B)/chapbook completions fish > $(DESTDIR)$(FISHDIR)/chapbook.fish
	chmod 644 $(DESTDIR)$(FISHDIR)/chapbook.fish

	@$(if $(DESTDIR),:,src/loader.sh "$(LIBDIR)")

deb: ## packages for Debian 12 into build/deb: chapbook, libchapbook0, libchapbook-dev
	@tests/deps.sh deb
	@assets/debian/build.sh $(VERSION)

uninstall:
	rm -f $(addprefix $(DESTDIR),$(INSTALLED))

# --- For developers ---

FUZZ_SECONDS ?= 60
ASAN_FLAGS  := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
# What a sanitised run has no use for: the validators, and what measures.
ASAN_T      := unit/ cli/ golden/ faults/ fuzz/ text/
VALGRIND_T  := unit/ golden/

# A folder of files that are too large, or that belong to others.
SHARED      ?= ../shared
CORPUS      ?= $(SHARED)/corpus

.PHONY: check check-quick check-all check-shared check-deb check-slow units check-asan check-valgrind fuzz bench corpus corpus-books corpus-looks covers format clean help
check: ## run the tests, or those whose names match: make T='cli/ golden/sample' check
	@tests/deps.sh check
	+@$(BUILD) all units
	@B=$(B) tests/run $(T)

check-quick: ## units, golden, cli, text: under two minutes; wants few packages
	@tests/deps.sh quick
	+@$(BUILD) all units
	@B=$(B) QUICK=1 tests/run $(T)

check-all: ## all tests, the longer ones and Ace by DAISY (Chromium) among them
	@tests/deps.sh all
	+@$(BUILD) all units
	@B=$(B) ALL=1 tests/run $(T)

check-shared: ## tests on files in SHARED (../shared), which are not in this repository
	@tests/deps.sh quick
	+@$(BUILD) all $(B)/shared/mustache_spec $(B)/shared/feed_items $(B)/corpus/html5lib
	@B=$(B) SHARED=$(SHARED) tests/run shared/

check-deb: deb ## tests on the packages; DEB=bootstrap: also installed in a new Debian
	@$(if $(filter bootstrap,$(DEB)),tests/deps.sh debian)
	@B=$(B) DEB=$(or $(DEB),1) tests/run deb/

check-slow: ## check-all at full size: a 1 GB line, every allocation failed in turn
	@SLOW=1 $(MAKE) -s check-all

units: $(UNIT)

check-asan: ## the same with AddressSanitizer and UBSan
	+@$(BUILD) B=build/asan CFLAGS="$(ASAN_FLAGS)" all units
	@B=build/asan SANITIZE=1 tests/run $(or $(T),$(ASAN_T))

check-valgrind: ## a part of them under valgrind
	+@$(BUILD) all units
	@B=$(B) WRAP="valgrind -q --error-exitcode=77 --leak-check=full --suppressions=$(CURDIR)/tests/lib/valgrind.supp" tests/run $(or $(T),$(VALGRIND_T))

fuzz: ## each fuzz target for FUZZ_SECONDS (60); a night of them: FUZZ_SECONDS=1800
	@tests/deps.sh fuzz
	@tests/fuzz/run $(FUZZ_SECONDS)

bench: ## ratios against other programs, into tests/bench/README.md
	@tests/deps.sh bench
	+@$(BUILD) all
	@tests/bench/run --corpus $(CORPUS)

corpus: ## how well articles are found on the pages in CORPUS; what changed since KEEP=1
	+@$(BUILD) all $(B)/corpus/html5lib
	@$(B)/corpus/html5lib $(CORPUS)/html5lib
	@tests/corpus/run $(CORPUS) $(if $(KEEP),--keep) $(if $(README),--readme)

corpus-looks: ## how the books of the pages in CORPUS look, in Chromium
	@$(MAKE) -s all
	@tests/corpus/looks.py $(CORPUS)

corpus-books: ## a book of every page in CORPUS, each examined by EPUBCheck
	@tests/deps.sh check
	+@$(BUILD) all
	@tests/corpus/run $(CORPUS) --books

covers: ## a sheet of drawn covers to look at, build/covers/sheet.png
	@tests/deps.sh check
	+@$(BUILD) all
	@tests/cover/contact-sheet

format: ## clang-format over all sources but tables
	clang-format -i $(shell find src tests -name "*.[ch]" -not -path "*/seeds/*" -not -path "*/crashes/*" \
	    -not -name "*_table.h")

clean:
	rm -rf build

help:
	@echo "make              build $(B)/chapbook and the library"
	@echo "make deps         install what the build needs (as root or with sudo)"
	@echo "make demo         the same, build, convert the sample article"
	@echo "make install      into PREFIX ($(PREFIX)), below DESTDIR; make uninstall"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(firstword $(MAKEFILE_LIST)) | while IFS='	' read -r t h; do \
		printf 'make %-12s %s\n' "$$t" "$$h"; done

-include $(shell find $(B) -type f -name '*.d' -not -path '*/test/*' 2>/dev/null)

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
SOVERSION   := 0

PACKAGES    := libxml-2.0 libzip libdeflate libcmark-gfm yaml-0.1 gumbo
# Files that need nothing but make may run before the packages are installed.
PKG_CFLAGS   = $(shell pkg-config --cflags $(PACKAGES))
PKG_LIBS     = $(shell pkg-config --libs $(PACKAGES)) -lcmark-gfm-extensions -lmd -ldl -pthread

ALL_CFLAGS   = -std=c11 -D_GNU_SOURCE -Isrc $(PKG_CFLAGS) $(WARNINGS) $(CFLAGS) -fPIC -fvisibility=hidden -pthread

SRCS        := $(filter-out src/main.c,$(sort $(wildcard src/*.c src/*/*.c)))
CLI_SRCS    := $(filter src/cli/%,$(SRCS)) src/main.c
LIB_SRCS    := $(filter-out src/cli/%,$(SRCS))
LIB_OBJS    := $(LIB_SRCS:%.c=$(B)/%.o) $(B)/embedded.o
CLI_OBJS    := $(CLI_SRCS:%.c=$(B)/%.o)
EMBED       := $(sort $(wildcard templates/* assets/*.css assets/*.tsv))
UNIT        := $(patsubst tests/unit/%.c,$(B)/unit/%,$(sort $(wildcard tests/unit/test_*.c)))

.PHONY: all
all: $(B)/chapbook $(B)/libchapbook.a $(B)/libchapbook.so

$(B)/chapbook: $(CLI_OBJS) $(B)/libchapbook.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(B)/libchapbook.a: $(LIB_OBJS)
	$(AR) rcs $@.tmp $^ && mv $@.tmp $@

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

-include $(shell find $(B) -name '*.d' 2>/dev/null)

# broadsheet: `make run` and `make test` do everything; `make help` lists more.

MODE    := $(if $(SAN),san,release)
B       := .build/$(MODE)
PREFIX  ?= /usr/local
DESTDIR ?=
VERSION := 0.1.0
Q       := $(if $(V),,@)

PKGS    := yaml-0.1 libssh2 libcurl sqlite3 cairo freetype2 libpng libcrypto \
           jansson libctemplate
CC      ?= gcc
CXX     ?= g++
WARN    := -Wall -Wextra -Werror -Wshadow -Wformat-security -Wwrite-strings \
           -Wpointer-arith -Wcast-qual -Wundef
CWARN   := $(WARN) -Wstrict-prototypes -Wmissing-prototypes -Wvla
OPT     := $(if $(SAN),-O1 -g -fsanitize=address$(,)undefined \
           -fno-sanitize-recover=all -fno-omit-frame-pointer,\
           -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong)
,       := ,
CPPFLAGS += -D_GNU_SOURCE -DBROADSHEET_VERSION='"$(VERSION)"' -Ilib -Icmd \
           -MMD -MP $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
CFLAGS  += -std=c11 $(OPT) $(CWARN)
CXXFLAGS += -std=c++17 $(OPT) $(WARN)
LDFLAGS += $(OPT) -Wl,--as-needed
LDLIBS  += $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lcsv -lpthread -lm

LIB_C   := $(wildcard lib/*/*.c)
LIB_CC  := $(wildcard lib/*/*.cc)
CMD_C   := $(wildcard cmd/*.c)
LIB_O   := $(LIB_C:%.c=$B/%.o) $(LIB_CC:%.cc=$B/%.o)
CMD_O   := $(CMD_C:%.c=$B/%.o)
UNIT    := $(patsubst tests/unit/%.c,$B/unit/%,$(wildcard tests/unit/*_test.c))

all: $B/broadsheet

$B/broadsheet: $(CMD_O) $B/lib.a
	@echo "  LINK  $@"
	$Q$(CXX) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$B/lib.a: $(LIB_O)
	$Qrm -f $@ && ar rcs $@ $^

$B/%.o: %.c Makefile
	@echo "  CC    $<"
	$Qmkdir -p $(@D) && $(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$B/%.o: %.cc Makefile
	@echo "  CXX   $<"
	$Qmkdir -p $(@D) && $(CXX) $(CPPFLAGS) $(CXXFLAGS) -c -o $@ $<

$B/unit/%: $B/tests/unit/%.o $B/lib.a
	@echo "  LINK  $@"
	$Qmkdir -p $(@D) && $(CXX) $(LDFLAGS) -o $@ $^ -lcmocka $(LDLIBS)

unit: $(UNIT)
	$Qfor t in $(UNIT); do $$t || exit 1; done

clean:
	rm -rf .build

-include $(shell find .build -name '*.d' 2>/dev/null)

.PHONY: all unit clean
.SECONDARY:

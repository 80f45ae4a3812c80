# broadsheet: `make run` and `make test` do everything; `make help` lists more.

MODE    := $(if $(SAN),san,release)
B       := .build/$(MODE)
PREFIX  ?= /usr/local
DESTDIR ?=
VERSION := 0.1.0
Q       := $(if $(V),,@)

PKGS    := yaml-0.1 libssh2 libcurl sqlite3 cairo freetype2 libpng libcrypto \
           jansson libctemplate libzstd zlib libzip libpq libmariadb
CC      ?= gcc
CXX     ?= g++
WARN    := -Wall -Wextra -Werror -Wshadow -Wformat-security -Wwrite-strings \
           -Wpointer-arith -Wcast-qual -Wundef
CWARN   := $(WARN) -Wstrict-prototypes -Wmissing-prototypes -Wvla
,       := ,
OPT     := $(if $(SAN),-O1 -g -fsanitize=address$(,)undefined \
           -fno-sanitize-recover=all -fno-omit-frame-pointer,\
           -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong)
CPPFLAGS += -D_GNU_SOURCE -DBROADSHEET_VERSION='"$(VERSION)"' -Ilib -Icmd \
           -MMD -MP $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
CFLAGS  += -std=c11 $(OPT) $(CWARN)
CXXFLAGS += -std=c++17 $(OPT) $(WARN)
LDFLAGS += $(OPT) -Wl,--as-needed
# The libraries of C++ are part of the program: a fifth of its start less.
ifeq ($(SAN),)
LDFLAGS += -static-libstdc++ -static-libgcc
CTEMPLATE := -Wl,-Bstatic -lctemplate -Wl,-Bdynamic
else
CTEMPLATE := -lctemplate
endif
LDLIBS  += $(patsubst -lctemplate,$(CTEMPLATE),\
           $(shell pkg-config --libs $(PKGS) 2>/dev/null)) -lcsv -lpthread -lm

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
	$Qrm -f $@ && ar qcs $@ $^

$B/%.o: %.c Makefile
	@echo "  CC    $<"
	$Qmkdir -p $(@D) && $(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$B/%.o: %.cc Makefile
	@echo "  CXX   $<"
	$Qmkdir -p $(@D) && $(CXX) $(CPPFLAGS) $(CXXFLAGS) -c -o $@ $<

$B/unit/%: $B/tests/unit/%.o $B/lib.a
	@echo "  LINK  $@"
	$Qmkdir -p $(@D) && $(CXX) $(LDFLAGS) -o $@ $^ -lcmocka $(LDLIBS)

# Fuzz targets: replayed over their corpora by `make test`, run by `make fuzz`.
FUZZ    := $(patsubst tests/fuzz/%.c,$B/fuzz/%,$(wildcard tests/fuzz/*_fuzz.c))

$B/fuzz/%: $B/tests/fuzz/%.o $B/tests/fuzz/replay.o $B/lib.a
	@echo "  LINK  $@"
	$Qmkdir -p $(@D) && $(CXX) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$B/libfuzzer/%: $B/tests/fuzz/%_fuzz.o $B/lib.a
	@echo "  LINK  $@"
	$Qmkdir -p $(@D) && $(CXX) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# Small programs that tests and people use to look at things.
TOOLS   := $(patsubst tests/tools/%.c,$B/tools/%,$(wildcard tests/tools/*.c))

$B/tools/%: $B/tests/tools/%.o $B/lib.a
	@echo "  LINK  $@"
	$Qmkdir -p $(@D) && $(CXX) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# The program once more, with every write, sync, rename and SQLite step in the
# hands of a test.
FAULTS  := $B/broadsheet-faults
WRAPPED := step exec errcode errmsg

$(FAULTS): $(CMD_O) $B/tests/faults/faults.o $B/lib.a
	@echo "  LINK  $@"
	$Q$(CXX) $(LDFLAGS) $(WRAPPED:%=-Wl$(,)--wrap=sqlite3_%) -o $@ $^ \
	    $(LDLIBS)

# Us and a peer side by side, in one run.
BENCH   := $(patsubst tests/bench/%.c,$B/bench/%,$(wildcard tests/bench/*.c))

$B/bench/%: $B/tests/bench/%.o $B/lib.a
	@echo "  LINK  $@"
	$Qmkdir -p $(@D) && $(CXX) $(LDFLAGS) -o $@ $^ $(LDLIBS)

bench:
	$Qtests/tools/deps build test bench
	$Q$(MAKE) -j$$(nproc) --no-print-directory all $(BENCH)
	$QBUILD=$B /usr/bin/python3 tests/bench/bench.py

FUZZ_SECONDS ?= 60

fuzz:
	$Qtests/tools/fuzz $(FUZZ_SECONDS)

# This machine, sampled a few times, and its page.
run:
	$Qtests/tools/deps build
	$Q$(MAKE) -j$$(nproc) --no-print-directory all
	$Q[ -e broadsheet.yaml ] || $B/broadsheet -q init broadsheet.yaml
	$Q$B/broadsheet run --times 6 --interval 2s -c broadsheet.yaml
	@echo "printed out/index.html"

# The operations page, fed on loopback for DEMO_MINUTES.
DEMO_MINUTES ?= 3

demo:
	$Qtests/tools/deps build test
	$Q$(MAKE) -j$$(nproc) --no-print-directory all
	$Q/usr/bin/python3 tests/demo/demo.py $B/broadsheet out/operations \
	    $(DEMO_MINUTES)

# Somebody's scale, runs and training, all made up, from services on loopback.
demo-personal:
	$Qtests/tools/deps build test
	$Q$(MAKE) -j$$(nproc) --no-print-directory all
	$Q/usr/bin/python3 tests/demo/personal.py $B/broadsheet out/personal \
	    .build/personal

# Every kind of panel, ordinary and odd.
gallery: $B/tools/gallery
	$Q$< out/gallery
	@echo "printed out/gallery/index.html"

test:
	$Qtests/tools/deps build test
	$Q$(MAKE) -j$$(nproc) --no-print-directory test-build
	$Qtests/tools/run-tests $B

test-build: all $(UNIT) $(FUZZ) $(TOOLS) $(FAULTS)

lint:
	$Qtests/tools/deps build lint
	$Qtests/tools/lint $(wildcard cmd/*.[ch] lib/*/*.[ch] lib/*/*.cc \
	    tests/unit/*.[ch] tests/fuzz/*.[ch] tests/bench/*.[ch] \
	    tests/tools/*.[ch] tests/faults/*.[ch])

# The reference part of broadsheet.yaml(5) is made from the option tables.
$B/broadsheet.yaml.5: cmd/broadsheet.yaml.5 $B/broadsheet
	$Q$B/broadsheet help --mdoc > $@.options
	$Qsed -e '/^\.\\" OPTIONS$$/r $@.options' $< > $@

man: $B/broadsheet.yaml.5

install: all man
	install -d $(DESTDIR)$(PREFIX)/bin \
	    $(DESTDIR)$(PREFIX)/share/man/man1 \
	    $(DESTDIR)$(PREFIX)/share/man/man5 \
	    $(DESTDIR)$(PREFIX)/share/broadsheet/templates \
	    $(DESTDIR)$(PREFIX)/share/broadsheet/assets/examples \
	    $(DESTDIR)$(PREFIX)/share/broadsheet/assets/outline \
	    $(DESTDIR)$(PREFIX)/share/broadsheet/assets/recipes \
	    $(DESTDIR)$(PREFIX)/share/broadsheet/cron
	install -m 755 $B/broadsheet $(DESTDIR)$(PREFIX)/bin/broadsheet
	install -m 644 cmd/broadsheet.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 $B/broadsheet.yaml.5 \
	    $(DESTDIR)$(PREFIX)/share/man/man5/
	install -m 644 templates/*.tpl \
	    $(DESTDIR)$(PREFIX)/share/broadsheet/templates/
	install -m 644 assets/*.css assets/*.js \
	    $(DESTDIR)$(PREFIX)/share/broadsheet/assets/
	install -m 644 assets/examples/* \
	    $(DESTDIR)$(PREFIX)/share/broadsheet/assets/examples/
	install -m 644 assets/outline/* \
	    $(DESTDIR)$(PREFIX)/share/broadsheet/assets/outline/
	install -m 644 assets/recipes/* \
	    $(DESTDIR)$(PREFIX)/share/broadsheet/assets/recipes/
	install -m 644 cron/* $(DESTDIR)$(PREFIX)/share/broadsheet/cron/

uninstall:
	rm -rf $(DESTDIR)$(PREFIX)/share/broadsheet
	rm -f $(DESTDIR)$(PREFIX)/bin/broadsheet \
	    $(DESTDIR)$(PREFIX)/share/man/man1/broadsheet.1 \
	    $(DESTDIR)$(PREFIX)/share/man/man5/broadsheet.yaml.5

clean:
	rm -rf .build

help:
	@echo "make run      sample this machine and print out/index.html"
	@echo "make demo     an operations page at work, for DEMO_MINUTES (3)"
	@echo "make demo-personal  a page of one's own life, made up"
	@echo "make gallery  every kind of panel on one page, in out/gallery"
	@echo "make test     every test (SAN=1: under ASan and UBSan)"
	@echo "make lint     format, static analysis, layers, manual pages"
	@echo "make fuzz     each fuzz target for FUZZ_SECONDS (60)"
	@echo "make bench    us and a peer, side by side"
	@echo "make install  into PREFIX (/usr/local), below DESTDIR"

-include $(shell find $B -name '*.d' 2>/dev/null)

.PHONY: all bench gallery demo demo-personal fuzz run test test-build lint man install uninstall clean help
.SECONDARY:

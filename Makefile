# QuteCart: build, install, run, test.  `make help` lists what a person types.

PG_CONFIG ?= pg_config
EXTENSION  = qutecart
QC_VERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" qutecart.control)

MODULE_big = qutecart
SRCS      := $(sort $(wildcard extension/*.c extension/*/*.c functions/*.c triggers/*.c))
OBJS       = $(SRCS:.c=.o)
DATA_built = qutecart--$(QC_VERSION).sql

PG_CPPFLAGS = -I$(CURDIR)
PG_CFLAGS   = -std=gnu11 -Wall -Wextra -Werror -Wno-unused-parameter -Wno-sign-compare \
	-Wno-missing-field-initializers -Wno-declaration-after-statement \
	-MMD -MP $(QC_CFLAGS)
SHLIB_LINK  = -lcrypt -lcurl -lcrypto -licui18n -licuuc
override with_llvm = no

# What CREATE EXTENSION runs: types first, then functions beside their C, then the revoke.
EXTENSION_SQL := $(sort $(wildcard sql/extension/0*.sql)) $(sort $(wildcard functions/*.sql)) \
	$(sort $(wildcard triggers/*.sql)) $(sort $(wildcard sql/extension/9*.sql))

# What install() runs, shipped under the share directory in the same folders.
SCHEMA_GENERATED := .build/sql/seed/countries.sql .build/sql/seed/currencies.sql
SCHEMA_FILES := sql/install.list $(sort $(wildcard sql/tables/*/*.sql sql/views/*.sql \
	sql/seed/*.sql sql/grants/*.sql sql/migrations/*.sql))
SCHEMA_DIR = extension/qutecart

EXTRA_CLEAN = .build $(SRCS:.c=.d)

.DEFAULT_GOAL := all
all: schema

PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)
ifneq ($(PGXS),)
include $(PGXS)
endif
-include $(SRCS:.c=.d)

qutecart--$(QC_VERSION).sql: $(EXTENSION_SQL) qutecart.control Makefile
	@{ printf '%s\n' '\echo Use "CREATE EXTENSION qutecart" to load this file. \quit'; \
	   for f in $(EXTENSION_SQL); do echo; cat $$f; done; } > $@

.PHONY: schema
schema: $(SCHEMA_GENERATED)

.build/sql/seed/%.sql: tools/iso-%.pl
	@mkdir -p $(@D)
	perl $< > $@.part && mv $@.part $@

install: install-schema
.PHONY: install-schema
install-schema: schema
	$(MAKE) -s tree-schema SHARE='$(DESTDIR)$(datadir)'

uninstall: uninstall-schema
.PHONY: uninstall-schema
uninstall-schema:
	rm -rf '$(DESTDIR)$(datadir)/$(SCHEMA_DIR)'

# Install into a private PostgreSQL tree (tools/server tree): nothing is written to the system.
.PHONY: tree tree-schema
tree: all
	@test -n '$(TREE)' || { echo 'usage: make tree TREE=DIR' >&2; exit 2; }
	@install -m 755 qutecart.so '$(TREE)$(TREE_LIB)/qutecart.so.new' \
		&& mv '$(TREE)$(TREE_LIB)/qutecart.so.new' '$(TREE)$(TREE_LIB)/qutecart.so'
	@install -m 644 qutecart.control qutecart--$(QC_VERSION).sql '$(TREE)$(TREE_SHARE)/extension/'
	@$(MAKE) -s tree-schema SHARE='$(TREE)$(TREE_SHARE)'

# pkglibdir and sharedir below the tree's root: /usr/lib/postgresql/15/lib becomes /lib/postgresql/15/lib.
TREE_LIB   = $(patsubst /usr%,%,$(shell $(PG_CONFIG) --pkglibdir 2>/dev/null))
TREE_SHARE = $(patsubst /usr%,%,$(shell $(PG_CONFIG) --sharedir 2>/dev/null))

tree-schema: schema
	@rm -rf '$(SHARE)/$(SCHEMA_DIR)'
	@for f in $(SCHEMA_FILES); do \
		install -D -m 644 $$f "$(SHARE)/$(SCHEMA_DIR)/$${f#sql/}" || exit 1; done
	@for f in $(SCHEMA_GENERATED); do \
		install -D -m 644 $$f "$(SHARE)/$(SCHEMA_DIR)/$${f#.build/sql/}" || exit 1; done

-include gateway/gateway.mk
-include tools/tools.mk
-include test/test.mk

.PHONY: help
help: ## Show what make can do
	@grep -hE '^[a-z -]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort | expand -t 18

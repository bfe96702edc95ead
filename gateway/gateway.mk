# gateway/gateway.mk
#	Builds .build/gateway/qutecart-gateway: our sources, and llhttp's C sources where
#	Debian 12 puts them (Debian 13 has the library).  Usable alone:
#	make -f gateway/gateway.mk

GW_CC      ?= cc
GW_DIR     ?= .build/gateway
GW_CFLAGS  ?= -O2 -g
GW_SRCS    := $(sort $(wildcard gateway/*.c))
GW_OBJS     = $(patsubst gateway/%.c,$(GW_DIR)/%.o,$(GW_SRCS))
GW_WARN     = -std=gnu11 -Wall -Wextra -Werror -Wshadow -Wvla -Wformat=2
GW_HARDEN   = -fstack-protector-strong -fPIE
GW_SANITIZE = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all

ifneq ($(shell pkg-config --exists libllhttp 2>/dev/null && echo yes),)
GW_LLHTTP_CFLAGS := $(shell pkg-config --cflags libllhttp 2>/dev/null)
GW_LLHTTP_LIBS   := $(shell pkg-config --libs libllhttp 2>/dev/null)
else
GW_LLHTTP_CFLAGS := -I/usr/share/include/llhttp
GW_LLHTTP_OBJS    = $(GW_DIR)/llhttp/api.o $(GW_DIR)/llhttp/http.o $(GW_DIR)/llhttp/llhttp.o
endif
GW_INCLUDES := -I. $(GW_LLHTTP_CFLAGS) $(shell pkg-config --cflags libuv libpq 2>/dev/null)
GW_LIBS     := $(shell pkg-config --libs libuv libpq 2>/dev/null) $(GW_LLHTTP_LIBS)

.PHONY: all gateway gateway-clang asan-gateway

all: gateway

gateway: $(GW_DIR)/qutecart-gateway ## Build the HTTP gateway

$(GW_DIR)/qutecart-gateway: $(GW_OBJS) $(GW_LLHTTP_OBJS)
	$(GW_CC) $(GW_CFLAGS) -pie -Wl,-z,relro,-z,now -o $@ $^ $(GW_LIBS)

$(GW_DIR)/%.o: gateway/%.c
	@mkdir -p $(@D)
	$(GW_CC) $(GW_WARN) $(GW_HARDEN) $(GW_CFLAGS) -MMD -MP $(GW_INCLUDES) -c -o $@ $<

# strict mode is a matter of how llhttp is compiled
$(GW_DIR)/llhttp/%.o: /usr/share/llhttp/%.c
	@mkdir -p $(@D)
	$(GW_CC) -DLLHTTP_STRICT_MODE=1 $(GW_HARDEN) $(GW_CFLAGS) $(GW_LLHTTP_CFLAGS) -c -o $@ $<

-include $(GW_OBJS:.o=.d)

gateway-clang: ## Build the gateway with clang, to see its warnings
	$(MAKE) -f gateway/gateway.mk gateway GW_CC=clang GW_DIR=.build/gateway-clang

asan-gateway: ## Build the gateway with address and undefined-behaviour checks
	$(MAKE) -f gateway/gateway.mk gateway GW_DIR=.build/gateway-asan GW_CFLAGS='$(GW_SANITIZE)'

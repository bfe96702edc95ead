-- sql/extension/01_route.sql
-- Declaring routes.  Stands before the functions, each of which declares its own.

CREATE FUNCTION qutecart.route(
    endpoint   text,
    handler    text,
    actor      text DEFAULT 'anyone',
    status     integer DEFAULT 200,
    lane       text DEFAULT NULL,
    max_body   integer DEFAULT NULL,
    bind       jsonb DEFAULT '{}',
    durability text DEFAULT 'commit'
) RETURNS void
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_route';
COMMENT ON FUNCTION qutecart.route(text, text, text, integer, text, integer, jsonb, text) IS
    'Publish a function over HTTP. endpoint: "METHOD /path/{parameter}". handler: "schema.function", not overloaded, returning json, jsonb, text or void; its arguments are bound by name from path, query and body, those without DEFAULT are required. actor: anyone, user, customer, member or admin. status: of a reply that succeeds. lane: fast, slow or write (NULL: fast for GET, else write). max_body: bytes (NULL: 1 MiB). bind: where an argument comes from instead: {"arg": "header:Name" | "field:name" | "raw_body" | "context" | "peer" | "bearer"}. durability: commit, or group: through the gateway such requests commit together, each answered when the flush they share is on disk; for many small writes that nobody else may see as done before that, never for money. Called again for the same endpoint it replaces the route, but never one that came with the extension. Grants EXECUTE on the handler to qutecart_api.';

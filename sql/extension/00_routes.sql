-- sql/extension/00_routes.sql
-- The schema, and the table of HTTP routes.  Built-in rows come with the extension; an operator's own
-- rows are dumped with the database.
COMMENT ON SCHEMA qutecart IS
    'QuteCart: the extension''s functions and the tables that qutecart.install() made. Dropping it with CASCADE removes both.';

CREATE TABLE qutecart.routes (
    method     text NOT NULL CHECK (method IN ('GET', 'POST', 'PUT', 'PATCH', 'DELETE')),
    path       text NOT NULL CHECK (path ~ '^/[^?#]*$'),
    handler    text NOT NULL,
    actor      text NOT NULL DEFAULT 'anyone' CHECK (actor IN ('anyone', 'user', 'customer', 'member', 'admin')),
    status     integer NOT NULL DEFAULT 200 CHECK (status BETWEEN 200 AND 299),
    lane       text NOT NULL CHECK (lane IN ('fast', 'slow', 'write')),
    max_body   integer NOT NULL CHECK (max_body >= 0),
    durability text NOT NULL DEFAULT 'commit' CHECK (durability IN ('commit', 'group')),
    bind       jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(bind) = 'object'),
    is_builtin boolean NOT NULL,
    PRIMARY KEY (method, path)
);
COMMENT ON TABLE qutecart.routes IS 'global: which function answers which HTTP request, and for whom. Declared by qutecart.route().';
SELECT pg_catalog.pg_extension_config_dump('qutecart.routes', 'WHERE NOT is_builtin');

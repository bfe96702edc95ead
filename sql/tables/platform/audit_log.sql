-- sql/tables/platform/audit_log.sql
CREATE TABLE qutecart.audit_log (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    at         timestamptz NOT NULL DEFAULT now(),
    user_id    bigint,
    actor      text NOT NULL DEFAULT 'system',
    shop_id    bigint,
    action     text NOT NULL CHECK (action <> ''),
    object     text,
    details    jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (at, id)
);
CREATE INDEX audit_log_shop ON qutecart.audit_log (shop_id, at);
COMMENT ON TABLE qutecart.audit_log IS 'platform: who did what; no foreign keys, so that it outlives what it tells of. Append only.';
ALTER TABLE qutecart.audit_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.audit_log FORCE ROW LEVEL SECURITY;

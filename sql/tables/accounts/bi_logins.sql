-- sql/tables/accounts/bi_logins.sql
CREATE TABLE qutecart.bi_logins (
    role_name  text PRIMARY KEY,
    shop_id    bigint NOT NULL REFERENCES qutecart.shops ON DELETE CASCADE,
    name       text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX bi_logins_shop ON qutecart.bi_logins (shop_id);
COMMENT ON TABLE qutecart.bi_logins IS 'platform: which shop a read-only login is bound to.';
ALTER TABLE qutecart.bi_logins ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.bi_logins FORCE ROW LEVEL SECURITY;

-- sql/tables/platform/currencies.sql
CREATE TABLE qutecart.currencies (
    code       text PRIMARY KEY CHECK (code ~ '^[A-Z]{3}$'),
    number     integer NOT NULL CONSTRAINT currency_number_is_unique UNIQUE,
    name       text NOT NULL,
    symbol     text NOT NULL,
    decimals   smallint NOT NULL CHECK (decimals BETWEEN 0 AND 4),
    rate       numeric(20,8) NOT NULL DEFAULT 1 CHECK (rate > 0),
    is_active  boolean NOT NULL DEFAULT false,
    is_default boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX currencies_one_default ON qutecart.currencies (is_default) WHERE is_default;
COMMENT ON TABLE qutecart.currencies IS 'global: the currencies of ISO 4217; decimals says how Stripe counts minor units, rate is units per unit of the default currency.';
GRANT SELECT ON qutecart.currencies TO qutecart_api, qutecart_bi;

-- sql/tables/platform/countries.sql
CREATE TABLE qutecart.countries (
    id            integer PRIMARY KEY,
    alpha_2       text NOT NULL CONSTRAINT country_alpha_2_is_unique UNIQUE CHECK (alpha_2 ~ '^[A-Z]{2}$'),
    alpha_3       text NOT NULL CONSTRAINT country_alpha_3_is_unique UNIQUE CHECK (alpha_3 ~ '^[A-Z]{3}$'),
    name          text NOT NULL,
    official_name text,
    flag          text,
    phone_code    text,
    is_active     boolean NOT NULL DEFAULT true
);
COMMENT ON TABLE qutecart.countries IS 'global: the countries of ISO 3166-1; id is the numeric code.';
GRANT SELECT ON qutecart.countries TO qutecart_api, qutecart_bi;

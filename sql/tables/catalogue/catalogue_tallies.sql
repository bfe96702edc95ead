-- sql/tables/catalogue/catalogue_tallies.sql
-- How many rows the catalogue has, in parts: the sum is the number, and each writer
-- changes a part that nobody else holds, so that no two wait for each other.
CREATE TABLE qutecart.catalogue_tallies (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slot     integer NOT NULL,
    products bigint NOT NULL,
    edition  bigint NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX catalogue_tallies_slot ON qutecart.catalogue_tallies (slot);
COMMENT ON TABLE qutecart.catalogue_tallies IS
    'platform: sum(products) is the number of rows in catalogue; sum(edition) grows when rows come or go or change their brand or price.';
ALTER TABLE qutecart.catalogue_tallies ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.catalogue_tallies FORCE ROW LEVEL SECURITY;

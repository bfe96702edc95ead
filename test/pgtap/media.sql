-- test/pgtap/media.sql
-- A shop's files: reserved, confirmed, listed, deleted, and counted all the while.
\ir world/vendors.sql
SELECT plan(47);

CREATE FUNCTION pg_temp.reserve(bytes bigint, who text DEFAULT 'Vera') RETURNS jsonb LANGUAGE sql AS $$
    SELECT pg_temp.call(who, 'POST /api/upload', json_build_object('file_name', 'x.jpg', 'mime_type', 'image/jpeg', 'bytes', bytes)::text) $$;
CREATE FUNCTION pg_temp.used() RETURNS bigint LANGUAGE sql AS $$
    SELECT coalesce(sum(bytes), 0)::bigint FROM qutecart.media WHERE shop_id = pg_temp.id('Teas') $$;
CREATE FUNCTION pg_temp.confirm(r jsonb, body text DEFAULT '{}', who text DEFAULT 'Vera') RETURNS jsonb LANGUAGE sql AS $$
    SELECT pg_temp.call(who, format('POST /api/upload/%s/confirm', r #>> '{data,media,id}'), body) $$;

-- Reserving.
CREATE TEMP TABLE one AS SELECT pg_temp.call('Vera', 'POST /api/upload', '{"file_name": "C:\\pics\\Tea Pot.JPG", "mime_type": "image/JPEG", "bytes": 1000}') AS r;
SELECT is((r ->> 'http')::integer, 201, 'room for a file is reserved') FROM one;
SELECT ok(r #>> '{data,media,key}' ~ format('^products/shop-%s/[0-9a-f-]{36}\.jpg$', pg_temp.id('Teas')), 'under a key of the shop that nobody guesses') FROM one;
SELECT is(r #>> '{data,media,name}', 'Tea Pot.JPG', 'its name is kept without the client''s folders') FROM one;
SELECT is(r #>> '{data,media,type}', 'image', 'its type follows from its content') FROM one;
SELECT is(r #> '{data,upload}', 'null', 'without a storage there is nowhere to put it') FROM one;
SELECT ok((r #>> '{data,media,expires_at}')::timestamptz BETWEEN now() + interval '59 minutes' AND now() + interval '61 minutes', 'it expires in an hour') FROM one;
SELECT is(pg_temp.used(), 1000::bigint, 'L09: it counts at once');
SELECT is(pg_temp.call('Vera', 'POST /api/upload', '{"file_name": "..", "mime_type": "image/svg+xml", "bytes": 0, "folder": "../etc", "type": "x"}') -> 'errors',
    '{"mime_type": ["Files of type image/svg+xml are not taken."], "bytes": ["The bytes field must be at least 1."], "folder": ["The selected folder is invalid."]}',
    'types, sizes and folders are checked');
SELECT is(pg_temp.call('Vera', 'POST /api/upload', '{"file_name": "/", "mime_type": "image/png", "bytes": 5}') #>> '{errors,file_name,0}', 'The file name field is required.', 'a folder is no file');
SELECT is(pg_temp.reserve(10 * 1024 * 1024 + 1) #>> '{errors,bytes,0}', 'The file must not be larger than 10 MB.', 'a file has a largest size');
SELECT is(pg_temp.used(), 1000::bigint, 'what is refused takes nothing');
UPDATE qutecart.settings SET value = '1' WHERE key = 'max_file_size_mb';
UPDATE qutecart.settings SET value = '["image/png", "model/gltf"]' WHERE key = 'allowed_file_types';
SELECT is((pg_temp.call('Vera', 'POST /api/upload', '{"file_name": "x.png", "mime_type": "image/png", "bytes": 1048577}') ->> 'http')::integer, 422, 'the size is a setting');
SELECT is((pg_temp.reserve(5) ->> 'http')::integer, 422, 'so are the types');
SELECT ok(pg_temp.call('Vera', 'POST /api/upload', '{"file_name": "x.glb", "mime_type": "model/gltf", "bytes": 5}') #>> '{data,media,key}' ~ '\.glb$', 'a type that is added is taken');
SELECT ok(pg_temp.call('Vera', 'POST /api/upload', '{"file_name": "x.sh;rm", "mime_type": "model/gltf", "bytes": 5}') #>> '{data,media,key}' ~ '\.bin$', 'with a plain ending only');
UPDATE qutecart.settings SET value = '10' WHERE key = 'max_file_size_mb';
UPDATE qutecart.settings SET value = '["image/jpeg"]' WHERE key = 'allowed_file_types';
DELETE FROM qutecart.media WHERE bytes = 5;

-- Confirming.
SELECT is(pg_temp.confirm(r, '{"bytes": 900}') #>> '{data,media,status}', 'confirmed', 'a file that is there is confirmed') FROM one;
SELECT is(pg_temp.used(), 900::bigint, 'L09: and counts with its real size');
SELECT is((pg_temp.confirm(r, '{"bytes": 900}') ->> 'http')::integer, 200, 'confirmed twice is confirmed once') FROM one;
SELECT is((pg_temp.confirm(r, '{"bytes": 1}') ->> 'http')::integer, 409, 'but not with another size') FROM one;
SELECT is((pg_temp.confirm(r, '{}', 'Nora') ->> 'http')::integer, 404, 'T18: another shop''s file is none') FROM one;
SELECT is((pg_temp.confirm(r, '{"bytes": 0}') ->> 'http')::integer, 422, 'a size is positive') FROM (SELECT pg_temp.reserve(7) AS r) x;
SELECT is((pg_temp.confirm(r, '{"bytes": 99999999}') ->> 'http')::integer, 422, 'and not above the largest') FROM (SELECT pg_temp.reserve(7) AS r) x;
UPDATE qutecart.media SET expires_at = now() - interval '1 second' WHERE bytes = 7;
SELECT is((pg_temp.call('Vera', format('POST /api/upload/%s/confirm', (SELECT min(id) FROM qutecart.media WHERE bytes = 7)), '{}') ->> 'http')::integer, 404,
    'what has expired is not confirmed any more');
SELECT is(qutecart.job_media_expiry(), 2::bigint, 'L09: and is given back');
SELECT is(pg_temp.used(), 900::bigint, 'all of it');

-- The plan.
INSERT INTO qutecart.limit_overrides (shop_id, metric, limit_value) VALUES (pg_temp.id('Teas'), 'storage', 1) /* MB */;
SELECT is((pg_temp.reserve(1047676) ->> 'http')::integer, 201, 'the last free byte may be reserved');
CREATE TEMP TABLE over AS SELECT pg_temp.reserve(1) AS r;
SELECT is((r ->> 'http')::integer, 403, 'L09: one more is refused') FROM over;
SELECT is(r ->> 'limit_type', 'storage', 'by the storage limit') FROM over;
SELECT is((pg_temp.reserve(600 * 1024 * 1024) ->> 'http')::integer, 403, 'the plan answers before the largest size does');
DELETE FROM qutecart.media WHERE bytes = 1047676;
CREATE TEMP TABLE grows AS SELECT pg_temp.reserve(1047576) AS r;
SELECT is((pg_temp.confirm(r, '{"bytes": 1047677}') ->> 'http')::integer, 403, 'a file that came out larger than there is room is refused') FROM grows;
SELECT is((SELECT status || ' ' || bytes FROM qutecart.media WHERE bytes >= 1047576), 'reserved 1047576', 'and stays reserved as it was');
SELECT is((pg_temp.confirm(r, '{"bytes": 1047676}') ->> 'http')::integer, 200, 'one that just fits is not') FROM grows;
SELECT is_empty('SELECT * FROM qutecart.usage_audit()', 'the counters are right');

-- Using, listing, deleting.
CREATE TEMP TABLE product AS SELECT pg_temp.call('Vera', 'POST /api/seller/products', format('{"name": "Pot", "price": 3, "media_id": %s, "images": [{"media_id": %1$s}]}',
    r #>> '{data,media,id}')) AS p, r FROM grows;
SELECT is(p #>> '{data,product,thumbnail}', '/' || (r #>> '{data,media,key}'), 'a confirmed file is a product''s picture') FROM product;
SELECT is(pg_temp.call(NULL, 'GET /api/products') #>> '{data,products,0,thumbnail}', '/' || (r #>> '{data,media,key}'), 'for everybody') FROM product;
SELECT is((pg_temp.call('Nora', 'POST /api/seller/products', format('{"name": "Pot", "price": 3, "media_id": %s}', r #>> '{data,media,id}')) ->> 'http')::integer, 422,
    'but no other shop''s') FROM product;
SELECT is(pg_temp.call('Vera', 'GET /api/upload') #>> '{data,total}', '2', 'a shop lists its files');
SELECT is(pg_temp.call('Vera', 'GET /api/upload?type=video') #>> '{data,total}', '0', 'by type');
SELECT is(pg_temp.call('Nora', 'GET /api/upload') #>> '{data,total}', '0', 'and no other shop''s');
SELECT is(pg_temp.status('Sam', 'GET /api/upload'), 403, 'staff need the permission');
SELECT is((pg_temp.reserve(1, 'Sam') ->> 'http')::integer, 403, 'to reserve too');
SELECT is(pg_temp.status('Nora', 'DELETE /api/upload/' || (r #>> '{data,media,id}')), 404, 'nobody deletes another shop''s') FROM grows;
SELECT is(pg_temp.status('Vera', 'DELETE /api/upload/' || (r #>> '{data,media,id}')), 200, 'a file is deleted') FROM grows;
SELECT is(pg_temp.used(), 900::bigint, 'its room is free again');
SELECT is(pg_temp.call(NULL, 'GET /api/products') #>> '{data,products,0,thumbnail}', '/default/default.jpg', 'its product has the default picture');
SELECT is_empty('SELECT * FROM qutecart.catalogue_audit()', 'and the catalogue knows');
SELECT is(pg_temp.sql_as('Vera', format('UPDATE qutecart.media SET bytes = 1 WHERE shop_id = %s', pg_temp.id('Teas'))), 'refused 42501', 'nobody makes his files smaller in SQL');

SELECT * FROM finish();

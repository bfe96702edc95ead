-- sql/seed/demo.sql
-- Two shops with their owners, a customer with three orders, an admin.  Everybody's
-- password is "qutecart-demo", known to all who read this: seed('demo') refuses a
-- database with real shops.  What is there already stays as it is.
INSERT INTO qutecart.users (name, last_name, phone, email, country, password_hash, email_verified_at)
SELECT p.name, p.last_name, p.phone, p.email, 'US',
    '$y$j9T$k2XAnEHBqQ1Ct2aMXFKNa/$ohOV9AlwgGaYX3h3ZFzyWM1Blh.e4XYCpGa/CTRZhg8', now()
FROM (VALUES
    ('John', 'Miller', '+15550100001', 'john@demo.qutekart.example'),
    ('Mary', 'Berg', '+15550100002', 'mary@demo.qutekart.example'),
    ('Carol', 'Stone', '+15550100003', 'carol@demo.qutekart.example'),
    ('Rita', 'Root', '+15550100004', 'root@demo.qutekart.example')
) p (name, last_name, phone, email)
WHERE NOT EXISTS (SELECT FROM qutecart.users u WHERE lower(u.email) = p.email);

INSERT INTO qutecart.user_roles (user_id, role_id)
SELECT u.id, r.id
FROM (VALUES
    ('john@demo.qutekart.example', 'shop'),
    ('john@demo.qutekart.example', 'customer'),
    ('mary@demo.qutekart.example', 'shop'),
    ('mary@demo.qutekart.example', 'customer'),
    ('carol@demo.qutekart.example', 'customer'),
    ('root@demo.qutekart.example', 'root')
) p (email, role)
JOIN qutecart.users u ON lower(u.email) = p.email
JOIN qutecart.roles r ON r.name = p.role
WHERE NOT EXISTS (SELECT FROM qutecart.user_roles k WHERE k.user_id = u.id AND k.role_id = r.id);

INSERT INTO qutecart.shops (name, description, email, phone, address, opening_time, closing_time, off_days,
    delivery_charge, estimated_delivery_time)
SELECT s.name, s.description, u.email, u.phone, s.address, '09:00', '18:00', '{sun}', s.delivery_charge, '2-3 days'
FROM (VALUES
    ('john@demo.qutekart.example', 'Johns Shop', 'Clothes that last.', '12 Market Street', 5.00),
    ('mary@demo.qutekart.example', 'Northern Trails', 'For nights outdoors.', '3 Harbour Road', 7.50)
) s (email, name, description, address, delivery_charge)
JOIN qutecart.users u ON lower(u.email) = s.email
WHERE NOT EXISTS (SELECT FROM qutecart.shop_members m WHERE m.user_id = u.id)
ORDER BY s.name;

INSERT INTO qutecart.shop_members (shop_id, user_id, role)
SELECT s.id, u.id, 'owner'
FROM qutecart.users u
JOIN qutecart.shops s ON s.email = u.email
WHERE u.email IN ('john@demo.qutekart.example', 'mary@demo.qutekart.example')
    AND NOT EXISTS (SELECT FROM qutecart.shop_members m WHERE m.shop_id = s.id OR m.user_id = u.id);

-- Johns Shop stays within the Free plan; the other one has been promised more.
INSERT INTO qutecart.limit_overrides (shop_id, metric, limit_value, reason)
SELECT m.shop_id, 'products', 60, 'demo'
FROM qutecart.shop_members m
JOIN qutecart.users u ON u.id = m.user_id
WHERE m.role = 'owner' AND u.email = 'mary@demo.qutekart.example'
    AND NOT EXISTS (SELECT FROM qutecart.limit_overrides k WHERE k.shop_id = m.shop_id)
    AND NOT EXISTS (SELECT FROM qutecart.products k WHERE k.shop_id = m.shop_id);

-- A shop that has, or had, any product keeps the catalogue it has.
WITH wares (shop, n, name, handle, product_type, brand, price, discount_price, sizes, colours) AS (
    VALUES
        ('Johns Shop', 1, 'Classic Oxford Shirt', 'classic-oxford-shirt', 'Shirts', 'Johns', 49.00, 39.00, 'S,M,L,XL', 'White,Blue'),
        ('Johns Shop', 2, 'Linen Summer Shirt', 'linen-summer-shirt', 'Shirts', 'Johns', 55.00, 0.00, 'S,M,L', 'Sand,Green'),
        ('Johns Shop', 3, 'Slim Chinos', 'slim-chinos', 'Trousers', 'Johns', 59.00, 0.00, '30,32,34', 'Navy,Beige'),
        ('Johns Shop', 4, 'Raw Denim Jeans', 'raw-denim-jeans', 'Trousers', 'Indigo Works', 89.00, 79.00, '30,32,34', 'Indigo'),
        ('Johns Shop', 5, 'Merino Crew Neck', 'merino-crew-neck', 'Knitwear', 'Johns', 79.00, 0.00, 'S,M,L', 'Grey,Navy'),
        ('Johns Shop', 6, 'Lambswool Cardigan', 'lambswool-cardigan', 'Knitwear', 'Johns', 95.00, 0.00, 'M,L,XL', 'Charcoal'),
        ('Johns Shop', 7, 'Waxed Field Jacket', 'waxed-field-jacket', 'Jackets', 'Moor', 189.00, 159.00, 'M,L,XL', 'Olive'),
        ('Johns Shop', 8, 'Quilted Vest', 'quilted-vest', 'Jackets', 'Moor', 75.00, 0.00, 'S,M,L', 'Black,Navy'),
        ('Johns Shop', 9, 'Leather Belt', 'leather-belt', 'Accessories', 'Tannery 9', 35.00, 0.00, '85,95,105', 'Brown,Black'),
        ('Johns Shop', 10, 'Card Wallet', 'card-wallet', 'Accessories', 'Tannery 9', 29.00, 0.00, '', 'Brown,Black'),
        ('Johns Shop', 11, 'Wool Scarf', 'wool-scarf', 'Accessories', 'Moor', 32.00, 25.00, '', 'Grey,Red'),
        ('Johns Shop', 12, 'Canvas Sneakers', 'canvas-sneakers', 'Shoes', 'Court', 65.00, 0.00, '41,42,43,44', 'White'),
        ('Johns Shop', 13, 'Suede Chukka Boots', 'suede-chukka-boots', 'Shoes', 'Court', 139.00, 119.00, '41,42,43,44', 'Sand'),
        ('Johns Shop', 14, 'Cotton Socks, 3 Pairs', 'cotton-socks-3-pairs', 'Underwear', 'Johns', 15.00, 0.00, '39-42,43-46', 'Black'),
        ('Johns Shop', 15, 'Boxer Briefs, 2 Pack', 'boxer-briefs-2-pack', 'Underwear', 'Johns', 24.00, 0.00, 'S,M,L', 'Black'),
        ('Johns Shop', 16, 'Pyjama Set', 'pyjama-set', 'Nightwear', 'Johns', 59.00, 49.00, 'M,L,XL', 'Blue'),
        ('Johns Shop', 17, 'Rain Cape', 'rain-cape', 'Jackets', 'Moor', 69.00, 0.00, '', 'Yellow'),
        ('Johns Shop', 18, 'Tie Clip', 'tie-clip', 'Accessories', 'Tannery 9', 19.00, 0.00, '', ''),
        ('Northern Trails', 1, 'Two-Person Tent', 'two-person-tent', 'Tents', 'Fjell', 249.00, 219.00, '', 'Green,Orange'),
        ('Northern Trails', 2, 'Ultralight Tarp', 'ultralight-tarp', 'Tents', 'Fjell', 119.00, 0.00, '', 'Grey'),
        ('Northern Trails', 3, 'Three-Season Sleeping Bag', 'three-season-sleeping-bag', 'Sleeping', 'Fjell', 159.00, 0.00, 'Regular,Long', 'Blue'),
        ('Northern Trails', 4, 'Down Sleeping Bag', 'down-sleeping-bag', 'Sleeping', 'Fjell', 289.00, 259.00, 'Regular,Long', 'Black'),
        ('Northern Trails', 5, 'Inflatable Mat', 'inflatable-mat', 'Sleeping', 'Airlite', 79.00, 0.00, 'Regular,Wide', 'Red'),
        ('Northern Trails', 6, 'Foam Mat', 'foam-mat', 'Sleeping', 'Airlite', 29.00, 0.00, '', ''),
        ('Northern Trails', 7, 'Camping Pillow', 'camping-pillow', 'Sleeping', 'Airlite', 25.00, 0.00, '', 'Grey'),
        ('Northern Trails', 8, 'Gas Stove', 'gas-stove', 'Cooking', 'Brenn', 45.00, 0.00, '', ''),
        ('Northern Trails', 9, 'Titanium Pot 900 ml', 'titanium-pot-900-ml', 'Cooking', 'Brenn', 55.00, 49.00, '', ''),
        ('Northern Trails', 10, 'Spork', 'spork', 'Cooking', 'Brenn', 9.00, 0.00, '', 'Orange,Blue'),
        ('Northern Trails', 11, 'Coffee Dripper', 'coffee-dripper', 'Cooking', 'Brenn', 19.00, 0.00, '', ''),
        ('Northern Trails', 12, 'Water Filter', 'water-filter', 'Water', 'Klar', 39.00, 0.00, '', ''),
        ('Northern Trails', 13, 'Insulated Bottle', 'insulated-bottle', 'Water', 'Klar', 32.00, 27.00, '500 ml,750 ml,1 l', 'Steel,Black'),
        ('Northern Trails', 14, 'Hydration Bladder', 'hydration-bladder', 'Water', 'Klar', 35.00, 0.00, '2 l,3 l', ''),
        ('Northern Trails', 15, 'Day Pack 22 l', 'day-pack-22-l', 'Packs', 'Nordvei', 85.00, 0.00, '', 'Black,Green'),
        ('Northern Trails', 16, 'Trekking Pack 55 l', 'trekking-pack-55-l', 'Packs', 'Nordvei', 199.00, 179.00, 'S/M,L/XL', 'Green'),
        ('Northern Trails', 17, 'Dry Bag', 'dry-bag', 'Packs', 'Nordvei', 18.00, 0.00, '5 l,10 l,20 l', 'Yellow'),
        ('Northern Trails', 18, 'Packing Cubes', 'packing-cubes', 'Packs', 'Nordvei', 34.00, 0.00, '', ''),
        ('Northern Trails', 19, 'Trekking Poles', 'trekking-poles', 'Hiking', 'Nordvei', 89.00, 0.00, '', ''),
        ('Northern Trails', 20, 'Gaiters', 'gaiters', 'Hiking', 'Nordvei', 42.00, 0.00, 'M,L', 'Black'),
        ('Northern Trails', 21, 'Hiking Boots', 'hiking-boots', 'Shoes', 'Steg', 179.00, 149.00, '38,39,40,41,42,43', 'Brown'),
        ('Northern Trails', 22, 'Trail Runners', 'trail-runners', 'Shoes', 'Steg', 129.00, 0.00, '38,39,40,41,42,43', 'Blue'),
        ('Northern Trails', 23, 'Wool Hiking Socks', 'wool-hiking-socks', 'Clothing', 'Steg', 19.00, 0.00, '36-39,40-43,44-46', 'Grey'),
        ('Northern Trails', 24, 'Merino Base Layer', 'merino-base-layer', 'Clothing', 'Fjell', 69.00, 0.00, 'S,M,L', 'Black,Red'),
        ('Northern Trails', 25, 'Rain Jacket', 'rain-jacket', 'Clothing', 'Fjell', 149.00, 129.00, 'S,M,L,XL', 'Blue,Yellow'),
        ('Northern Trails', 26, 'Fleece Pullover', 'fleece-pullover', 'Clothing', 'Fjell', 79.00, 0.00, 'S,M,L', 'Grey'),
        ('Northern Trails', 27, 'Head Torch', 'head-torch', 'Light', 'Lys', 49.00, 39.00, '', ''),
        ('Northern Trails', 28, 'Camp Lantern', 'camp-lantern', 'Light', 'Lys', 36.00, 0.00, '', ''),
        ('Northern Trails', 29, 'First Aid Kit', 'first-aid-kit', 'Safety', 'Klar', 28.00, 0.00, '', ''),
        ('Northern Trails', 30, 'Pocket Knife', 'pocket-knife', 'Tools', 'Brenn', 44.00, 0.00, '', 'Red,Black')
), made AS (
    INSERT INTO qutecart.products (shop_id, name, handle, code, short_description, description, price,
        discount_price, quantity, brand, product_type, tags, created_at)
    SELECT s.id, w.name, w.handle, (10000 + w.n)::text, w.brand || ' ' || w.name,
        w.name || ' by ' || w.brand || ', from ' || s.name || '.', w.price, w.discount_price,
        10 * greatest(cardinality(string_to_array(w.sizes, ',')), 1)
            * greatest(cardinality(string_to_array(w.colours, ',')), 1),
        w.brand, w.product_type, ARRAY[lower(w.product_type)], now() - w.n * interval '1 hour'
    FROM wares w
    JOIN qutecart.shops s ON s.name = w.shop
        AND s.email IN ('john@demo.qutekart.example', 'mary@demo.qutekart.example')
    WHERE NOT EXISTS (SELECT FROM qutecart.products k WHERE k.shop_id = s.id)
    ORDER BY w.shop, w.n
    RETURNING shop_id, id, handle, code, price, discount_price
)
-- Option 1 is the size where there is one, else the colour.
INSERT INTO qutecart.product_variants (shop_id, product_id, position, option1_name, option1_value, option2_name,
    option2_value, sku, price, quantity)
SELECT m.shop_id, m.id, row_number() OVER (PARTITION BY m.id ORDER BY z.n, c.n),
    CASE WHEN w.sizes <> '' THEN 'Size' ELSE 'Colour' END,
    CASE WHEN w.sizes <> '' THEN z.size ELSE c.colour END,
    CASE WHEN w.sizes <> '' AND w.colours <> '' THEN 'Colour' END,
    CASE WHEN w.sizes <> '' THEN coalesce(c.colour, '') ELSE '' END,
    m.code || '-' || coalesce(z.n, 0) || coalesce(c.n, 0),
    CASE WHEN m.discount_price > 0 THEN m.discount_price ELSE m.price END, 10
FROM made m
JOIN wares w ON w.handle = m.handle
LEFT JOIN LATERAL unnest(string_to_array(w.sizes, ',')) WITH ORDINALITY z (size, n) ON true
LEFT JOIN LATERAL unnest(string_to_array(w.colours, ',')) WITH ORDINALITY c (colour, n) ON true
WHERE w.sizes <> '' OR w.colours <> ''
ORDER BY m.shop_id, m.id, z.n, c.n;

-- Carol has bought in both shops.
WITH bought AS (
    SELECT s.id AS shop_id, s.prefix, s.delivery_charge, u.id AS customer_id, o.code, o.status, o.payment, o.age,
        p.id AS product_id, v.id AS variant_id, p.name, v.sku,
        concat_ws(' / ', v.option1_value, nullif(v.option2_value, '')) AS options, o.quantity, v.price
    FROM (VALUES
        ('Johns Shop', '10000001', 'Delivered', 'Paid', 9, 'classic-oxford-shirt', 2),
        ('Johns Shop', '10000001', 'Delivered', 'Paid', 9, 'leather-belt', 1),
        ('Johns Shop', '10000002', 'Pending', 'Pending', 1, 'suede-chukka-boots', 1),
        ('Northern Trails', '10000003', 'Confirm', 'Pending', 2, 'insulated-bottle', 3)
    ) o (shop, code, status, payment, age, handle, quantity)
    JOIN qutecart.users u ON lower(u.email) = 'carol@demo.qutekart.example'
    JOIN qutecart.shops s ON s.name = o.shop
        AND s.email IN ('john@demo.qutekart.example', 'mary@demo.qutekart.example')
    JOIN qutecart.products p ON p.shop_id = s.id AND p.handle = o.handle AND p.deleted_at IS NULL
    JOIN qutecart.product_variants v ON v.shop_id = s.id AND v.product_id = p.id AND v.position = 1
    WHERE NOT EXISTS (SELECT FROM qutecart.orders k WHERE k.customer_id = u.id)
), placed AS (
    INSERT INTO qutecart.orders (shop_id, customer_id, order_code, prefix, order_status, payment_status, total_amount,
        delivery_charge, payable_amount, address, created_at, delivered_at)
    SELECT b.shop_id, b.customer_id, b.code, b.prefix, b.status, b.payment, sum(b.quantity * b.price),
        b.delivery_charge, sum(b.quantity * b.price) + b.delivery_charge,
        jsonb_build_object('name', 'Carol Stone', 'phone', '+15550100003', 'address_type', 'home',
            'address_line', '7 Elm Street', 'post_code', '10001'),
        now() - b.age * interval '1 hour', CASE WHEN b.status = 'Delivered' THEN now() END
    FROM bought b
    GROUP BY b.shop_id, b.customer_id, b.code, b.prefix, b.status, b.payment, b.age, b.delivery_charge
    RETURNING shop_id, id, customer_id, order_code
)
INSERT INTO qutecart.order_lines (shop_id, order_id, customer_id, product_id, variant_id, name, sku, options, quantity, price)
SELECT b.shop_id, o.id, o.customer_id, b.product_id, b.variant_id, b.name, b.sku, b.options, b.quantity, b.price
FROM bought b
JOIN placed o ON o.shop_id = b.shop_id AND o.order_code = b.code;

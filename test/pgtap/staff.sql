-- test/pgtap/staff.sql
-- An owner lets others work in his shop; what he did not give, they have not.
\ir world/people.sql
SELECT no_plan();

SELECT tests.seller('ann') #>> '{access,token}' AS ann, tests.seller('bob') #>> '{access,token}' AS bob,
    tests.customer('carl') #>> '{access,token}' AS carl \gset
SELECT tests.shop_id('ann') AS ann_shop, tests.shop_id('bob') AS bob_shop, tests.user_id('ann') AS ann_id,
    tests.user_id('carl') AS carl_id \gset
INSERT INTO qutecart.limit_overrides (shop_id, metric, limit_value)
SELECT shop_id, 'staff', 5 FROM qutecart.shop_members WHERE role = 'owner';

-- A new person
SELECT tests.does(:'ann', $$SELECT qutecart.add_staff('Sam@test.example', 'Sam', '{shop.product.create,shop.employee.create,shop.employee.index}',
    password => 'correct horse') $$) AS reply \gset
SELECT is(:'reply'::jsonb #- '{data,employee,id}' #- '{data,employee,created_at}',
    '{"message": "employee added successfully", "data": {"employee": {"first_name": "Sam", "last_name": null,
      "email": "Sam@test.example", "phone": null, "is_active": true, "has_accepted": true,
      "permissions": ["shop.employee.create", "shop.employee.index", "shop.product.create"]}}}'::jsonb,
    'an owner adds a person who had no account');
SELECT :'reply'::jsonb #>> '{data,employee,id}' AS sam_id, tests.token_of('sam@test.example') AS sam \gset
SELECT is(tests.asks(:'sam', 'SELECT qutecart.whoami()::jsonb - ''expires_at'' @> format(''{"actor": "staff", "shop_id": %s}'', ' || :'ann_shop' || ')::jsonb'),
    'true', 'who then acts for the shop');
SELECT is(tests.asks(:'sam', format('SELECT qutecart.has_permission(%L)', p)), answer, 'and may ' || CASE answer WHEN 'true' THEN '' ELSE 'not ' END || p)
FROM (VALUES ('shop.product.create', 'true'), ('shop.employee.index', 'true'), ('shop.product.destroy', 'false'),
    ('shop.employee.permission.update', 'false'), ('admin.shop.index', 'false'), ('no.such.name', 'false')) t (p, answer);
SELECT is(tests.asks(:'ann', format('SELECT qutecart.has_permission(%L)', p)), answer, 'an owner ' || answer || ': ' || p)
FROM (VALUES ('shop.product.destroy', 'true'), ('shop.employee.permission.update', 'true'), ('admin.shop.index', 'false')) t (p, answer);
SELECT is(tests.asks(:'carl', 'SELECT qutecart.has_permission(''shop.product.create'')'), 'false', 'a customer has none of them');
SELECT is(row(o.kind, o.shop_id = :ann_shop, o.payload ->> 'to', o.payload -> 'has_account')::text, '(mail.staff_invited,t,Sam@test.example,false)', 'he gets a mail')
FROM qutecart.outbox o WHERE o.kind = 'mail.staff_invited';
SELECT is(tests.does(:'ann', $$SELECT qutecart.add_staff('nopass@test.example', 'Nick')::jsonb #>> '{data,employee,permissions}'$$), '[]',
    'without permissions he has none');
SELECT is(tests.does(NULL, $$SELECT qutecart.login('nopass@test.example', '')$$), 'refused QC400 invalid_credentials: Credential is invalid!',
    'without a password he cannot sign in before he has set one');

-- Somebody with an account
SELECT is(tests.does(:'ann', $$SELECT qutecart.add_staff('carl@test.example', permissions => '{shop.order.index}')::jsonb #- '{data,employee,created_at}'$$)::jsonb,
    jsonb_build_object('message', 'employee added successfully', 'data', jsonb_build_object('employee', jsonb_build_object('id', :carl_id,
        'first_name', NULL, 'last_name', NULL, 'email', 'carl@test.example', 'phone', NULL, 'is_active', true, 'has_accepted', false,
        'permissions', '["shop.order.index"]'::jsonb))), 'who has an account is invited, and no more is told of him than was known');
SELECT is(tests.asks(:'carl', 'SELECT qutecart.whoami() ->> ''actor'''), 'customer', 'he stays a customer');
SELECT is(tests.asks(:'carl', 'SELECT 1', :ann_shop), 'refused QC404 not_found: shop not found', 'and cannot enter the shop');
SELECT is(tests.does(:'carl', format('SELECT qutecart.accept_invitation(%s)', :bob_shop)), 'refused QC404 not_found: invitation not found',
    'he accepts no invitation that was not made');
SELECT is(tests.does(:'sam', format('SELECT qutecart.accept_invitation(%s)', :ann_shop)), 'refused QC404 not_found: invitation not found',
    'nor does anybody else accept his');
SELECT is(tests.does(:'carl', format('SELECT qutecart.accept_invitation(%s) ->> ''message''', :ann_shop)), 'invitation accepted', 'he accepts');
SELECT is(tests.asks(:'carl', 'SELECT qutecart.has_permission(''shop.order.index'') AND qutecart.current_shop_id() = ' || :'ann_shop'), 'true',
    'and acts for the shop');
SELECT is(tests.does(:'ann', $$SELECT qutecart.add_staff('carl@test.example')$$),
    'refused QC422 validation_failed: The email belongs to a member of this shop already.', 'nobody is added twice');
SELECT is(tests.does(:'ann', $$SELECT qutecart.add_staff('ann@test.example')$$),
    'refused QC422 validation_failed: The email belongs to a member of this shop already.', 'nor the owner');

-- Who may do what
SELECT is(tests.asks(t.token, t.sql), 'refused ' || t.answer, t.what)
FROM (VALUES
    ('nobody adds staff without a token', NULL, $$SELECT qutecart.add_staff('x@test.example', 'X')$$, 'QC401 unauthenticated: nobody is signed in'),
    ('staff without the permission add nobody', :'carl', $$SELECT qutecart.add_staff('x@test.example', 'X')$$, 'QC403 forbidden: permission "shop.employee.create" is missing'),
    ('staff without the permission remove nobody', :'sam', format('SELECT qutecart.remove_staff(%s)', :carl_id), 'QC403 forbidden: permission "shop.employee.destroy" is missing'),
    ('staff without the permission change no permissions', :'sam', format('SELECT qutecart.set_staff_permissions(%s, ''{}'')', :carl_id), 'QC403 forbidden: permission "shop.employee.permission.update" is missing'),
    ('staff without the permission switch nobody off', :'sam', format('SELECT qutecart.toggle_staff(%s)', :carl_id), 'QC403 forbidden: permission "shop.employee.toggle" is missing'),
    ('staff without the permission list nobody', :'carl', 'SELECT qutecart.list_staff()', 'QC403 forbidden: permission "shop.employee.index" is missing'),
    ('staff give no permission they lack', :'sam', $$SELECT qutecart.add_staff('y@test.example', 'Y', '{shop.product.create,shop.product.destroy}')$$, 'QC403 forbidden: permission "shop.product.destroy" is not yours to give or take'),
    ('an owner gives none of the platform', :'ann', format('SELECT qutecart.set_staff_permissions(%s, ''{admin.shop.index}'')', :sam_id), 'QC422 validation_failed: The selected permissions is invalid.'),
    ('nor one that does not exist', :'ann', format('SELECT qutecart.set_staff_permissions(%s, ''{shop.all}'')', :sam_id), 'QC422 validation_failed: The selected permissions is invalid.'),
    ('nor nothing at all', :'ann', format('SELECT qutecart.set_staff_permissions(%s, ARRAY[NULL]::text[])', :sam_id), 'QC422 validation_failed: The selected permissions is invalid.'),
    ('the owner cannot be removed', :'ann', format('SELECT qutecart.remove_staff(%s)', :ann_id), 'QC403 forbidden: the owner of the shop cannot be changed or removed'),
    ('nor switched off', :'ann', format('SELECT qutecart.toggle_staff(%s)', :ann_id), 'QC403 forbidden: the owner of the shop cannot be changed or removed'),
    ('another shop''s staff is not found', :'bob', format('SELECT qutecart.remove_staff(%s)', :sam_id), 'QC404 not_found: staff member not found'),
    ('nor given permissions', :'bob', format('SELECT qutecart.set_staff_permissions(%s, ''{}'')', :sam_id), 'QC404 not_found: staff member not found'),
    ('nor switched', :'bob', format('SELECT qutecart.toggle_staff(%s)', :sam_id), 'QC404 not_found: staff member not found'),
    ('just as nobody at all', :'bob', 'SELECT qutecart.remove_staff(999999)', 'QC404 not_found: staff member not found'),
    ('the table takes no row from a client', :'sam', format('INSERT INTO qutecart.shop_member_permissions SELECT %s, %s, id FROM qutecart.permissions', :ann_shop, :sam_id), '42501 : permission denied for table shop_member_permissions'),
    ('nor a membership', :'carl', format('UPDATE qutecart.shop_members SET role = ''owner'' WHERE user_id = %s', :carl_id), '42501 : permission denied for table shop_members')
) t (what, token, sql, answer);
SELECT is(tests.asks(:'bob', 'SELECT qutecart.list_staff()::jsonb #>> ''{data,total}'''), '0', 'another owner sees no staff of this shop');
SELECT is(tests.asks(:'sam', 'SELECT qutecart.list_staff()::jsonb #>> ''{data,total}'''), '3', 'who may list sees all three');

-- A member of staff with the right to manage permissions
SELECT is(tests.does(:'ann', format('SELECT qutecart.set_staff_permissions(%s, ''{shop.employee.permission.update,shop.product.create,shop.product.edit}'')::jsonb #>> ''{data,employee,permissions}''', :sam_id)),
    '["shop.employee.permission.update", "shop.product.create", "shop.product.edit"]', 'an owner sets exactly what a member of staff may do');
SELECT is(tests.asks(:'sam', format('SELECT qutecart.set_staff_permissions(%s, ''{shop.order.index,shop.product.edit}'')::jsonb #>> ''{data,employee,permissions}''', :carl_id)),
    '["shop.order.index", "shop.product.edit"]', 'staff hand on what they have');
SELECT is(tests.asks(:'sam', format('SELECT qutecart.set_staff_permissions(%s, ''{shop.product.edit}'')', :carl_id)),
    'refused QC403 forbidden: permission "shop.order.index" is not yours to give or take', 'and take from nobody what they have not');
SELECT is(tests.asks(:'sam', format('SELECT qutecart.set_staff_permissions(%s, ''{shop.employee.permission.update,shop.product.create,shop.product.edit,shop.product.destroy}'')', :sam_id)),
    'refused QC403 forbidden: permission "shop.product.destroy" is not yours to give or take', 'nor give themselves more');

-- Switching off, removing
SELECT is(tests.does(:'ann', format('SELECT qutecart.toggle_staff(%s)::jsonb #>> ''{data,employee,is_active}''', :sam_id)), 'false', 'an owner switches staff off');
SELECT is(tests.asks(:'sam', 'SELECT qutecart.whoami() ->> ''actor'''), 'customer', 'who then are customers');
SELECT is(tests.does(NULL, $$SELECT qutecart.login_seller('sam@test.example', 'correct horse')$$), 'refused QC400 invalid_credentials: Credential is invalid!',
    'and no sellers');
SELECT is(tests.does(:'ann', format('SELECT qutecart.toggle_staff(%s)::jsonb #>> ''{data,employee,is_active}''', :sam_id)), 'true', 'and on again');
SELECT is(tests.does(:'ann', format('SELECT qutecart.remove_staff(%s) ->> ''message''', :sam_id)), 'employee removed successfully', 'an owner removes staff');
SELECT is(tests.asks(:'sam', 'SELECT 1', :ann_shop), 'refused QC404 not_found: shop not found', 'who cannot enter the shop any more');
SELECT is(count(*), 0::bigint, 'and whose permissions are gone') FROM qutecart.shop_member_permissions WHERE user_id = :sam_id;
SELECT is(string_agg(a.action, ' ' ORDER BY a.id), 'staff.add staff.permissions staff.permissions staff.deactivate staff.activate staff.remove',
    'the audit log tells all of it') FROM qutecart.audit_log a WHERE a.object = :'sam_id' AND a.shop_id = :ann_shop AND a.user_id = :ann_id;

-- The limit
UPDATE qutecart.limit_overrides SET limit_value = 2 WHERE shop_id = :ann_shop;
SELECT is(tests.does(:'ann', $$SELECT qutecart.add_staff('third@test.example', 'Third')$$),
    'refused QC403 plan_limit_reached: staff limit reached', 'a person too many is refused');
SELECT is(tests.user_id('third'), NULL, 'and gets no account');
SELECT is(count(*), 0::bigint, 'nor a mail') FROM qutecart.outbox WHERE payload ->> 'to' = 'third@test.example';
SELECT is(tests.does(:'ann', format('SELECT qutecart.remove_staff(%s) ->> ''message''', :carl_id)), 'employee removed successfully', 'who goes');
SELECT is(tests.does(:'ann', $$SELECT qutecart.add_staff('third@test.example', 'Third') ->> 'message'$$), 'employee added successfully',
    'makes room for another');
DELETE FROM qutecart.limit_overrides WHERE shop_id = :bob_shop;
SELECT is(tests.does(:'bob', $$SELECT qutecart.add_staff('fourth@test.example', 'Fourth')$$),
    'refused QC403 plan_limit_reached: staff limit reached', 'the Free plan has no staff at all');
SELECT * FROM finish();

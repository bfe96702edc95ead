# test/gateway/accounts.t
#	Registering, signing in, staff and codes as the apps do it: over HTTP.
use strict;
use warnings;
use Test::More;
use QuteCart;

my $qc = QuteCart->new;
my $gw = $qc->gateway;

sub post   { my ($path, $body, $token) = @_; return $gw->request(POST => $path, bearer($token), $body) }
sub get    { my ($path, $token) = @_; return $gw->request(GET => $path, bearer($token)) }
sub bearer { my ($token) = @_; return $token ? { Authorization => "Bearer $token" } : {} }

# A seller
my %ann = (
	first_name => 'Ann', last_name => 'Archer', phone => '+15550101000', email => 'ann@test.example',
	password => 'correct horse', password_confirmation => 'correct horse', shop_name => 'shop of ann');
my $reply = post('/api/seller/register', {});
is($reply->{status}, 422, 'a registration without fields is refused');
is($reply->{json}{message}, 'The first name field is required. (and 4 more errors)', 'with a sentence for people');
is_deeply([sort keys %{ $reply->{json}{errors} }], [qw(email first_name password phone shop_name)], 'and all fields for programs');
$reply = post('/api/seller/register', \%ann);
is($reply->{status}, 200, 'a seller registers');
like($reply->{body}, qr/"min_order_amount":0\.0,/, 'a number that may have a fraction shows one');
$reply = post('/api/seller/register', { %ann, email => 'ANN@test.example' });
is_deeply($reply->{json}{errors}, { phone => ['The phone has already been taken.'], email => ['The email has already been taken.'] },
	'but not twice');
$reply = post('/api/seller/login', { contact => 'ann@test.example', password => 'wrong horse' });
is("$reply->{status} $reply->{json}{message}", '400 Credential is invalid!', 'a wrong password is refused');
is_deeply($reply->{json}, post('/api/seller/login', { contact => 'eve@test.example', password => 'wrong horse' })->{json},
	'an unknown account gets the same answer, letter by letter');
$reply = post('/api/seller/login', { contact => '+1 555 010 1000', password => 'correct horse', device_key => 'k-1' });
is("$reply->{status} $reply->{json}{message}", '200 Log In Successful', 'he signs in');
is($reply->{json}{data}{access}{auth_type}, 'Bearer', 'and gets a token to bear');
like($reply->{json}{data}{access}{expires_at}, qr/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, 'which says how long it is valid');
like($reply->{headers}{'cache-control'}, qr/no-store/, 'no cache keeps it');
my $ann = $reply->{json}{data}{access}{token};
my $once = $gw->request(POST => '/api/seller/login', { 'Idempotency-Key' => 'sign-in' }, { contact => 'ann@test.example', password => 'correct horse' });
is($qc->sql("SELECT count(*) FROM qutecart.idempotency_keys k WHERE k.body LIKE '%$once->{json}{data}{access}{token}%'"), 0,
	'nor does the answer that is kept for a repeated request');
is($qc->sql("SELECT device_key FROM qutecart.sessions WHERE device_key = 'k-1'"), 'k-1', 'the device is known by its key');
is(get('/api/seller/profile', $ann)->{json}{data}{user}{shop}{name}, 'shop of ann', 'he reads his profile');
is(get('/api/seller/profile')->{status}, 401, 'nobody else does');
$reply = post('/api/seller/profile/update', { first_name => 'Anna', name => 'Annas' }, $ann);
is("$reply->{json}{data}{user}{first_name} $reply->{json}{data}{user}{shop}{name}", 'Anna Annas', 'he changes it');
is(post('/api/seller/profile/update', { email => 'nonsense' }, $ann)->{status}, 422, 'but not to nonsense');
$reply = post('/api/seller/shop/settings', { opening_time => '09:00', closing_time => '18:30', off_day => ['sun'] }, $ann);
is($reply->{json}{data}{user}{shop}{close_time}, '18:30', 'he sets his hours');
is(post('/api/seller/shop/settings', { off_day => ['someday'] }, $ann)->{status}, 422, 'on days that exist');

# A customer
my %carl = (name => 'Carl', email => 'carl@test.example', password => 'correct horse', country => 'US', device_key => 'k-2', device_type => 'android');
$reply = post('/api/auth/register', { %carl, password => 'short' });
is_deeply($reply->{json}{errors}, { password => ['The password field must be at least 8 characters.'] }, 'a short password is refused');
is(post('/api/auth/register', \%carl)->{json}{message}, 'Registration successfully complete', 'a customer registers');
is(post('/api/auth/login', { phone => 'carl@test.example', password => 'x' })->{status}, 400, 'he cannot sign in with another password');
$reply = post('/api/auth/login', { phone => 'carl@test.example', password => 'correct horse', device_key => 'k-3' });
is("$reply->{status} $reply->{json}{data}{user}{name}", '200 Carl', 'he signs in');
my $carl = $reply->{json}{data}{access}{token};
is(get('/api/seller/profile', $carl)->{status}, 404, 'he has no shop');
is(post('/api/auth/change-password', { current_password => 'x', password => 'battery staple', password_confirmation => 'battery staple' }, $carl)->{status},
	400, 'his password is not changed by who does not know it');
is(post('/api/auth/change-password', { current_password => 'correct horse', password => 'battery staple', password_confirmation => 'battery staple' }, $carl)->{status},
	200, 'he changes it');
is(post('/api/seller/profile/update-password', { current_password => 'correct horse', password => 'battery staple' }, $ann)->{status}, 422,
	'a seller confirms his new one');
is(post('/api/seller/profile/update-password',
	{ current_password => 'correct horse', password => 'battery staple', password_confirmation => 'battery staple' }, $ann)->{status}, 200, 'and changes it');

# Staff
$qc->sql("INSERT INTO qutecart.limit_overrides (shop_id, metric, limit_value) SELECT id, 'staff', 2 FROM qutecart.shops");
$reply = post('/api/seller/employees', { email => 'sam@test.example', name => 'Sam', password => 'correct horse', permissions => ['shop.employee.index'] }, $ann);
is("$reply->{status} @{ $reply->{json}{data}{employee}{permissions} }", '200 shop.employee.index', 'an owner adds staff');
my $sam_id = $reply->{json}{data}{employee}{id};
my $sam = post('/api/seller/login', { contact => 'sam@test.example', password => 'correct horse' })->{json}{data}{access}{token};
is(get('/api/seller/employees', $sam)->{json}{data}{total}, 1, 'who read what they may');
is(post('/api/seller/employees', { email => 'x@test.example', name => 'X' }, $sam)->{status}, 403, 'and no more');
is(get('/api/seller/employees', $carl)->{status}, 404, 'a customer has no staff');
$reply = $gw->request(PUT => "/api/seller/employees/$sam_id/permissions", bearer($ann), { permissions => [] });
is_deeply($reply->{json}{data}{employee}{permissions}, [], 'an owner takes permissions back');
is($gw->request(PUT => "/api/seller/employees/$sam_id/permissions", bearer($ann), { permissions => ['admin.shop.index'] })->{status}, 422,
	'and gives none of the platform');
is(post("/api/seller/employees/$sam_id/status", {}, $ann)->{json}{data}{employee}{is_active}, JSON::PP::false, 'he switches staff off');
is(post('/api/seller/employees/999999/status', {}, $ann)->{status}, 404, 'but nobody that is not his');
is($gw->request(DELETE => '/api/seller/employees/999999', bearer($ann))->{status}, 404, 'nor does he remove others');
is($gw->request(DELETE => "/api/seller/employees/$sam_id", bearer($ann))->{status}, 200, 'he removes his own');
post('/api/seller/employees', { email => 'carl@test.example' }, $ann);
my $shop = $qc->sql('SELECT id FROM qutecart.shops');
is(post("/api/seller/invitations/$shop/accept", {}, $sam)->{status}, 404, 'nobody accepts what was offered to another');
is(post("/api/seller/invitations/$shop/accept", {}, $carl)->{status}, 200, 'who is invited accepts');

# Codes
is(post('/api/auth/forgot-password', { phone => 'nobody@test.example' })->{status}, 422, 'an unknown account gets no code');
is(post('/api/auth/forgot-password', { phone => 'carl@test.example' })->{json}{data}{otp}, undef, 'a code is not shown to who asks for it');
is(post('/api/auth/resend-otp', { phone => 'carl@test.example', forgot_password => 1 })->{json}{message}, 'Your Forgot Password code is sent to your email',
	'it is sent again');
is(post('/api/auth/resend-otp', {})->{status}, 422, 'to somebody');
my $code = $qc->sql(q{SELECT payload ->> 'code' FROM qutecart.outbox WHERE payload ? 'code' ORDER BY id DESC LIMIT 1});
my $wrong = sprintf '%06d', ($code + 1) % 1_000_000;
is(post('/api/auth/verify-otp', { phone => 'carl@test.example', otp => $wrong })->{status}, 400, 'a wrong code is refused');
$reply = post('/api/auth/verify-otp', { phone => 'carl@test.example', otp => $code });
is($reply->{json}{message}, 'Otp verified successfully', 'the right one is not');
my $token = $reply->{json}{data}{token};
is(post('/api/auth/reset-password', { token => 'x', password => 'third horse', password_confirmation => 'third horse' })->{status}, 422, 'no other token sets a password');
is(post('/api/auth/reset-password', { token => $token, password => 'third horse', password_confirmation => 'third horse' })->{status}, 200, 'its token does');
is(post('/api/auth/logout', {}, $carl)->{status}, 401, 'and all sessions have ended');

# Signing out
is(post('/api/seller/logout', { device_key => 'k-1' }, $ann)->{json}{message}, 'Logged out successfully!', 'the seller signs out');
is(get('/api/seller/profile', $ann)->{status}, 401, 'and is out');
is(post('/api/seller/logout', {}, $ann)->{status}, 401, 'for good');
$carl = post('/api/auth/login', { phone => 'carl@test.example', password => 'third horse' })->{json}{data}{access}{token};
is(post('/api/auth/logout', {}, $carl)->{status}, 200, 'the customer signs out');
is(post('/api/auth/logout', {}, $carl)->{status}, 401, 'once');
done_testing;

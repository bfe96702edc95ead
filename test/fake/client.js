// test/fake/client.js MODULES PORT KEY VERSION
//	Stripe's own client drives the stand-in through a subscription's life; prints TAP-less
//	lines "ok TEXT" or "not ok TEXT: WHY" for test/t/fake_stripe_npm.t to count.
const {createRequire} = require('module');
const [, , modules, port, key, version] = process.argv;
const Stripe = createRequire(`${modules}/`)('stripe');
const config = {host: '127.0.0.1', port: Number(port), protocol: 'http', maxNetworkRetries: 0, telemetry: false};
if (version !== 'own') config.apiVersion = version;
const stripe = new Stripe(key, config);
const old = version !== 'own' && version < '2025-03-31';

function check(what, good, seen) {
	console.log(good ? `ok ${what}` : `not ok ${what}: ${JSON.stringify(seen)}`);
}

async function refused(what, type, call, more = {}) {
	try {
		const got = await call();
		check(what, false, got);
	} catch (error) {
		const good = error.type === type && Object.entries(more).every(([name, value]) => error[name] === value);
		check(what, good, {type: error.type, code: error.code, message: error.message});
	}
}

async function life() {
	const customer = await stripe.customers.create({email: 'vendor@example.com', name: 'Vendor', metadata: {shop_id: '7'}});
	check('a customer is made', customer.id.startsWith('cus_') && customer.metadata.shop_id === '7', customer);
	const product = await stripe.products.create({name: 'Starter'});
	const starter = await stripe.prices.create({product: product.id, currency: 'usd', unit_amount: 2900, recurring: {interval: 'month'}});
	const growth = await stripe.prices.create({product_data: {name: 'Growth'}, currency: 'usd', unit_amount: 9900, recurring: {interval: 'month'}});
	const card = await stripe.paymentMethods.attach('pm_card_visa', {customer: customer.id});
	await stripe.customers.update(customer.id, {invoice_settings: {default_payment_method: card.id}});
	const asked = {customer: customer.id, items: [{price: starter.id}], trial_period_days: 14, metadata: {shop_id: '7'}, expand: ['latest_invoice']};
	const first = await stripe.subscriptions.create(asked, {idempotencyKey: 'life-1'});
	check('a subscription begins with its trial', first.status === 'trialing' && first.latest_invoice.total === 0, first);
	const again = await stripe.subscriptions.create(asked, {idempotencyKey: 'life-1'});
	check('the same key gives the same one', again.id === first.id && again.lastResponse.headers['idempotent-replayed'] === 'true', again.id);
	const begun = await stripe.subscriptions.update(first.id, {trial_end: 'now', expand: ['latest_invoice']});
	check('the trial can be ended', begun.status === 'active' && begun.latest_invoice.amount_paid === 2900, begun);
	const period = old ? begun : begun.items.data[0];
	check('the period is where the version has it', period.current_period_end > period.current_period_start, Object.keys(period));
	const change = {items: [{id: begun.items.data[0].id, price: growth.id}], proration_behavior: 'always_invoice', proration_date: period.current_period_start};
	const preview = await stripe.invoices.createPreview({subscription: begun.id, subscription_details: change});
	const upgraded = await stripe.subscriptions.update(begun.id, {...change, expand: ['latest_invoice']});
	check('a preview is what is charged', preview.total === 7000 && upgraded.latest_invoice.total === 7000, [preview.total, upgraded.latest_invoice.total]);
	const ends = await stripe.subscriptions.update(begun.id, {cancel_at_period_end: true});
	check('an end is planned', ends.cancel_at_period_end === true && ends.cancel_at === period.current_period_end, ends.cancel_at);
	const goes = await stripe.subscriptions.update(begun.id, {cancel_at_period_end: false});
	check('and taken back', goes.cancel_at === null, goes.cancel_at);
	const names = [];
	for await (const invoice of stripe.invoices.list({customer: customer.id, limit: 1})) names.push(invoice.billing_reason);
	check('pages follow each other', names.join() === 'subscription_update,subscription_update,subscription_create', names);
	const gone = await stripe.subscriptions.cancel(begun.id);
	check('it ends', gone.status === 'canceled', gone.status);
	return {customer, starter};
}

async function refusals({customer, starter}) {
	const item = {customer: customer.id, items: [{price: starter.id}]};
	await refused('an unknown parameter', 'StripeInvalidRequestError', () => stripe.subscriptions.create({...item, foo: 1}), {code: 'parameter_unknown', param: 'foo', statusCode: 400});
	await refused('what is not there', 'StripeInvalidRequestError', () => stripe.customers.retrieve('cus_none'), {code: 'resource_missing', statusCode: 404});
	await refused('a declined card', 'StripeCardError', () => stripe.paymentMethods.attach('pm_card_chargeDeclinedInsufficientFunds', {customer: customer.id}), {code: 'card_declined', decline_code: 'insufficient_funds'});
	await stripe.customers.create({email: 'a@example.com'}, {idempotencyKey: 'life-2'});
	await refused('a key for something else', 'StripeIdempotencyError', () => stripe.customers.create({email: 'b@example.com'}, {idempotencyKey: 'life-2'}));
	await refused('another key', 'StripeAuthenticationError', () => new Stripe('sk_test_wrong', config).customers.list(), {statusCode: 401});
}

async function webhook() {
	const events = await stripe.events.list({type: 'customer.created', limit: 1});
	check('events are listed', events.data[0].data.object.object === 'customer', events.data[0]);
	const lines = require('fs').readFileSync(0, 'utf8');
	const {body, signature, secret} = JSON.parse(lines);
	const event = stripe.webhooks.constructEvent(Buffer.from(body, 'base64'), signature, secret);
	check('a webhook\'s signature is good', event.type === 'customer.created', event);
	try {
		stripe.webhooks.constructEvent(Buffer.from(body + 'IA==', 'base64'), signature, 'whsec_other');
		check('with another secret it is not', false);
	} catch (error) {
		check('with another secret it is not', error.type === 'StripeSignatureVerificationError', error.type);
	}
}

async function retries() {
	const patient = new Stripe(key, {...config, maxNetworkRetries: 2});
	const customer = await patient.customers.create({email: 'retried@example.com'});
	const all = await stripe.customers.list({email: 'retried@example.com'});
	check('a lost answer is asked for again and does nothing twice', all.data.length === 1 && all.data[0].id === customer.id, all.data.length);
}

life().then(refusals).then(webhook).then(retries).catch(error => console.log(`not ok ${error.stack}`));

-- sql/seed/mail_en.sql
-- The mails in English.  A row that an operator edited stays as he has it.
INSERT INTO qutecart.mail_templates AS k (locale, name, subject, preheader, html, text, shipped)
SELECT 'en', s.*, md5(s.subject || s.preheader || s.html || s.text)
FROM (VALUES

('subscription_confirmation', 'Welcome to {{plan_name}} 🎉', 'Your {{plan_name}} plan for {{shop_name}} is active.',
$m$<p style="{{style.p}}">Thank you for choosing the <strong>{{plan_name}}</strong> plan for <strong>{{shop_name}}</strong>. Everything it includes is ready for you now.</p>
{{^trial_days.is_zero}}
<div style="{{colour.box}}">
<p style="{{style.strong}}">{{trial_days.n}} {{#trial_days.one}}Day{{/trial_days.one}}{{^trial_days.one}}Days{{/trial_days.one}} Free</p>
<p style="{{style.boxed}}">Your trial runs until <strong>{{trial_ends_at}}</strong>. You pay nothing before that day, and you can cancel at any time.</p>
</div>
{{/trial_days.is_zero}}
{{#subdomain}}
<div style="{{colour.box}}">
<p style="{{style.strong}}">Your own storefront</p>
<p style="{{style.boxed}}">Your shop has its own address: <strong dir="ltr">{{subdomain}}</strong></p>
</div>
{{/subdomain}}
<h2 style="{{style.h2}}">Included in your plan</h2>
<ul style="{{style.ul}}">
<li style="{{style.li}}">{{#products_limit.is_unlimited}}Unlimited products{{/products_limit.is_unlimited}}{{^products_limit.is_unlimited}}{{products_limit.n}} {{#products_limit.one}}product{{/products_limit.one}}{{^products_limit.one}}products{{/products_limit.one}}{{/products_limit.is_unlimited}}</li>
<li style="{{style.li}}">{{#orders_per_month.is_unlimited}}Unlimited orders{{/orders_per_month.is_unlimited}}{{^orders_per_month.is_unlimited}}{{orders_per_month.n}} {{#orders_per_month.one}}order{{/orders_per_month.one}}{{^orders_per_month.one}}orders{{/orders_per_month.one}} per month{{/orders_per_month.is_unlimited}}</li>
<li style="{{style.li}}">{{#storage_mb.is_unlimited}}Unlimited storage{{/storage_mb.is_unlimited}}{{^storage_mb.is_unlimited}}{{storage_mb.n}} MB of storage{{/storage_mb.is_unlimited}}</li>
<li style="{{style.li}}">{{#staff_accounts.is_unlimited}}Unlimited staff accounts{{/staff_accounts.is_unlimited}}{{^staff_accounts.is_unlimited}}{{staff_accounts.n}} staff {{#staff_accounts.one}}account{{/staff_accounts.one}}{{^staff_accounts.one}}accounts{{/staff_accounts.one}}{{/staff_accounts.is_unlimited}}</li>
{{#subdomain}}
<li style="{{style.li}}">A storefront at an address of your own</li>
<li style="{{style.li}}">Your customers see your shop alone there</li>
{{/subdomain}}
{{#has_priority_support}}
<li style="{{style.li}}">Priority support</li>
{{/has_priority_support}}
</ul>
{{#subdomain}}
<p style="{{style.action}}"><a href="https://{{subdomain}}" style="{{colour.button}}">Visit your store</a></p>
{{/subdomain}}
<p style="{{style.p}}">To get started, add your products, or bring them over from another shop with an import file. If you have a question, just <a href="{{contact_url}}" style="{{style.link}}">write to us</a>.</p>
$m$,
$m$Thank you for choosing the {{plan_name}} plan for {{shop_name}}. Everything it includes is ready for you now.
{{^trial_days.is_zero}}

{{trial_days.n}} {{#trial_days.one}}Day{{/trial_days.one}}{{^trial_days.one}}Days{{/trial_days.one}} Free
Your trial runs until {{trial_ends_at}}. You pay nothing before that day, and you can cancel at any time.
{{/trial_days.is_zero}}
{{#subdomain}}

Your own storefront: https://{{subdomain}}
{{/subdomain}}

Included in your plan:
- {{#products_limit.is_unlimited}}Unlimited products{{/products_limit.is_unlimited}}{{^products_limit.is_unlimited}}{{products_limit.n}} {{#products_limit.one}}product{{/products_limit.one}}{{^products_limit.one}}products{{/products_limit.one}}{{/products_limit.is_unlimited}}
- {{#orders_per_month.is_unlimited}}Unlimited orders{{/orders_per_month.is_unlimited}}{{^orders_per_month.is_unlimited}}{{orders_per_month.n}} {{#orders_per_month.one}}order{{/orders_per_month.one}}{{^orders_per_month.one}}orders{{/orders_per_month.one}} per month{{/orders_per_month.is_unlimited}}
- {{#storage_mb.is_unlimited}}Unlimited storage{{/storage_mb.is_unlimited}}{{^storage_mb.is_unlimited}}{{storage_mb.n}} MB of storage{{/storage_mb.is_unlimited}}
- {{#staff_accounts.is_unlimited}}Unlimited staff accounts{{/staff_accounts.is_unlimited}}{{^staff_accounts.is_unlimited}}{{staff_accounts.n}} staff {{#staff_accounts.one}}account{{/staff_accounts.one}}{{^staff_accounts.one}}accounts{{/staff_accounts.one}}{{/staff_accounts.is_unlimited}}
{{#subdomain}}
- A storefront at an address of your own
- Your customers see your shop alone there
{{/subdomain}}
{{#has_priority_support}}
- Priority support
{{/has_priority_support}}

To get started, add your products, or bring them over from another shop with an import file. If you have a question, write to us: {{contact_url}}$m$),

('payment_failed', 'Payment Failed - Action Required', 'We could not collect {{amount}} for {{shop_name}}.',
$m$<p style="{{style.p}}">We could not collect the payment for the <strong>{{plan_name}}</strong> plan of <strong>{{shop_name}}</strong>.</p>
{{#is_urgent}}
<div style="{{colour.box}}">
<p style="{{style.strong}}">Urgent: this was attempt {{attempt.n}}</p>
<p style="{{style.boxed}}">If the payment does not arrive, your shop moves to the limits of the Free plan.</p>
</div>
{{/is_urgent}}
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.facts}}">
<tr><td style="{{style.fact}}">Amount</td><td style="{{style.value}}">{{amount}} {{currency}}</td></tr>
<tr><td style="{{style.fact}}">Attempt</td><td style="{{style.value}}">{{attempt.n}}</td></tr>
{{#next_attempt_at}}
<tr><td style="{{style.fact}}">Next attempt</td><td style="{{style.value}}">{{next_attempt_at}}</td></tr>
{{/next_attempt_at}}
</table>
<p style="{{style.action}}"><a href="{{billing_url}}" style="{{colour.button}}">Update payment method</a></p>
<h2 style="{{style.h2}}">Usual causes</h2>
<ul style="{{style.ul}}">
<li style="{{style.li}}">The card has expired.</li>
<li style="{{style.li}}">There was not enough money in the account.</li>
<li style="{{style.li}}">The bank declined the charge for reasons of security.</li>
<li style="{{style.li}}">The billing details have changed.</li>
</ul>
<h2 style="{{style.h2}}">What to do now</h2>
<ol style="{{style.ul}}">
<li style="{{style.li}}">Open the billing page with the button above.</li>
<li style="{{style.li}}">Check the card or add another one.</li>
<li style="{{style.li}}">Ask your bank if the card looks right.</li>
<li style="{{style.li}}">The payment is then tried again by itself.</li>
</ol>
$m$,
$m$We could not collect the payment for the {{plan_name}} plan of {{shop_name}}.
{{#is_urgent}}

URGENT: this was attempt {{attempt.n}}. If the payment does not arrive, your shop moves to the limits of the Free plan.
{{/is_urgent}}

Amount: {{amount}} {{currency}}
Attempt: {{attempt.n}}
{{#next_attempt_at}}
Next attempt: {{next_attempt_at}}
{{/next_attempt_at}}

Update your payment method: {{billing_url}}

Usual causes:
- The card has expired.
- There was not enough money in the account.
- The bank declined the charge for reasons of security.
- The billing details have changed.

What to do now:
1. Open the billing page.
2. Check the card or add another one.
3. Ask your bank if the card looks right.
4. The payment is then tried again by itself.$m$),

('trial_ending', 'Your Trial Ends in {{days_left.n}} {{#days_left.one}}Day{{/days_left.one}}{{^days_left.one}}Days{{/days_left.one}}', 'The trial of {{plan_name}} for {{shop_name}} ends on {{trial_ends_at}}.',
$m$<p style="{{style.p}}">The trial of the <strong>{{plan_name}}</strong> plan for <strong>{{shop_name}}</strong> is coming to its end.</p>
<div style="{{colour.box}}">
<p style="{{colour.figure}}">{{days_left.n}}</p>
<p style="{{colour.unit}}">{{#days_left.one}}Day{{/days_left.one}}{{^days_left.one}}Days{{/days_left.one}} left, until {{trial_ends_at}}</p>
</div>
<h2 style="{{style.h2}}">What happens next</h2>
<p style="{{style.p}}">On {{trial_ends_at}} the plan goes on by itself for <strong>{{price}} per {{#is_yearly}}year{{/is_yearly}}{{^is_yearly}}month{{/is_yearly}}</strong>, charged to your payment method. You keep:</p>
<ul style="{{style.ul}}">
<li style="{{style.li}}">all your products and orders</li>
<li style="{{style.li}}">the limits of the {{plan_name}} plan</li>
<li style="{{style.li}}">your storefront's own address</li>
<li style="{{style.li}}">your staff's access</li>
<li style="{{style.li}}">all the features you are using now</li>
</ul>
<p style="{{style.action}}"><a href="{{billing_url}}" style="{{colour.button}}">Manage billing</a></p>
<p style="{{style.p}}">If you would rather not go on, cancel before {{trial_ends_at}}. Your shop then moves to the Free plan, and nothing is deleted.</p>
$m$,
$m$The trial of the {{plan_name}} plan for {{shop_name}} is coming to its end.

{{days_left.n}} {{#days_left.one}}Day{{/days_left.one}}{{^days_left.one}}Days{{/days_left.one}} left, until {{trial_ends_at}}

What happens next:
On {{trial_ends_at}} the plan goes on by itself for {{price}} per {{#is_yearly}}year{{/is_yearly}}{{^is_yearly}}month{{/is_yearly}}, charged to your payment method. You keep:
- all your products and orders
- the limits of the {{plan_name}} plan
- your storefront's own address
- your staff's access
- all the features you are using now

Manage billing: {{billing_url}}

If you would rather not go on, cancel before {{trial_ends_at}}. Your shop then moves to the Free plan, and nothing is deleted.$m$),

('limit_warning', '{{#limit_type.products}}Product{{/limit_type.products}}{{#limit_type.orders}}Order{{/limit_type.orders}}{{#limit_type.storage}}Storage{{/limit_type.storage}}{{#limit_type.staff}}Staff{{/limit_type.staff}} Limit {{#is_reached}}Reached{{/is_reached}}{{^is_reached}}Approaching{{/is_reached}}', '{{shop_name}} has used {{percent.n}} of what the {{plan_name}} plan includes.',
$m${{#is_reached}}
<p style="{{style.p}}"><strong>{{shop_name}}</strong> has reached a limit of its <strong>{{plan_name}}</strong> plan.</p>
{{/is_reached}}
{{^is_reached}}
<p style="{{style.p}}"><strong>{{shop_name}}</strong> is close to a limit of its <strong>{{plan_name}}</strong> plan.</p>
{{/is_reached}}
<div style="{{colour.box}}">
<p style="{{colour.figure}}">{{percent.n}}</p>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.bar}}"><tr><td width="{{percent.bar}}%" style="{{colour.bar}}">&nbsp;</td><td style="{{style.rest}}">&nbsp;</td></tr></table>
<p style="{{colour.unit}}">{{current.n}} of {{limit.n}} {{#limit_type.products}}products{{/limit_type.products}}{{#limit_type.orders}}orders this month{{/limit_type.orders}}{{#limit_type.storage}}MB{{/limit_type.storage}}{{#limit_type.staff}}staff accounts{{/limit_type.staff}}</p>
</div>
<h2 style="{{style.h2}}">{{#is_reached}}What this means now{{/is_reached}}{{^is_reached}}What happens at 100 %{{/is_reached}}</h2>
<ul style="{{style.ul}}">
<li style="{{style.li}}">{{#limit_type.products}}No further product can be added.{{/limit_type.products}}{{#limit_type.orders}}Further orders of your customers are refused until the next month begins.{{/limit_type.orders}}{{#limit_type.storage}}No further file can be uploaded.{{/limit_type.storage}}{{#limit_type.staff}}No further staff account can be added.{{/limit_type.staff}}</li>
<li style="{{style.li}}">What is there stays, and can be changed as before.</li>
<li style="{{style.li}}">Nothing is deleted or hidden.</li>
</ul>
<p style="{{style.p}}">The larger plans include more of everything: more products, more orders, more storage and more staff.</p>
<p style="{{style.action}}"><a href="{{plans_url}}" style="{{colour.button}}">View upgrade options</a></p>
$m$,
$m${{#is_reached}}
{{shop_name}} has reached a limit of its {{plan_name}} plan.
{{/is_reached}}
{{^is_reached}}
{{shop_name}} is close to a limit of its {{plan_name}} plan.
{{/is_reached}}

{{percent.n}}: {{current.n}} of {{limit.n}} {{#limit_type.products}}products{{/limit_type.products}}{{#limit_type.orders}}orders this month{{/limit_type.orders}}{{#limit_type.storage}}MB{{/limit_type.storage}}{{#limit_type.staff}}staff accounts{{/limit_type.staff}}

{{#is_reached}}What this means now:{{/is_reached}}{{^is_reached}}What happens at 100 %:{{/is_reached}}
- {{#limit_type.products}}No further product can be added.{{/limit_type.products}}{{#limit_type.orders}}Further orders of your customers are refused until the next month begins.{{/limit_type.orders}}{{#limit_type.storage}}No further file can be uploaded.{{/limit_type.storage}}{{#limit_type.staff}}No further staff account can be added.{{/limit_type.staff}}
- What is there stays, and can be changed as before.
- Nothing is deleted or hidden.

The larger plans include more of everything: {{plans_url}}$m$),

('order_limit_reached', 'Order Limit Reached', '{{shop_name}} has had all {{limit.n}} orders of this month.',
$m$<p style="{{style.p}}"><strong>{{shop_name}}</strong> has had all the orders that the <strong>{{plan_name}}</strong> plan includes this month.</p>
<div style="{{colour.box}}">
<p style="{{colour.figure}}">{{limit.n}}</p>
<p style="{{colour.unit}}">{{#limit.one}}order{{/limit.one}}{{^limit.one}}orders{{/limit.one}} this month</p>
</div>
<p style="{{style.p}}"><strong>Further orders of your customers are refused until {{resets_at}}.</strong> With a larger plan they are accepted again at once.</p>
<p style="{{style.action}}"><a href="{{plans_url}}" style="{{colour.button}}">View upgrade options</a></p>
$m$,
$m${{shop_name}} has had all the orders that the {{plan_name}} plan includes this month: {{limit.n}}.

Further orders of your customers are refused until {{resets_at}}. With a larger plan they are accepted again at once.

View upgrade options: {{plans_url}}$m$),

('usage_report', '{{shop_name}} in {{month}}', 'What your shop used of the {{plan_name}} plan.',
$m$<p style="{{style.p}}">This is what <strong>{{shop_name}}</strong> used of its <strong>{{plan_name}}</strong> plan in {{month}}.</p>
{{#usage}}
<p style="{{style.strong}}">{{#metric.products}}Products{{/metric.products}}{{#metric.orders}}Orders{{/metric.orders}}{{#metric.storage}}Storage{{/metric.storage}}{{#metric.staff}}Staff accounts{{/metric.staff}}</p>
<p style="{{style.boxed}}">{{used.n}}{{#metric.storage}} MB{{/metric.storage}}{{#limit.is_unlimited}}, unlimited{{/limit.is_unlimited}}{{^limit.is_unlimited}} of {{limit.n}}{{#metric.storage}} MB{{/metric.storage}} ({{percent.n}}){{/limit.is_unlimited}}</p>
{{^limit.is_unlimited}}
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.bar}}"><tr><td width="{{percent.bar}}%" style="{{colour.bar}}">&nbsp;</td><td style="{{style.rest}}">&nbsp;</td></tr></table>
{{/limit.is_unlimited}}
{{/usage}}
<p style="{{style.action}}"><a href="{{plans_url}}" style="{{colour.button}}">Compare the plans</a></p>
$m$,
$m$This is what {{shop_name}} used of its {{plan_name}} plan in {{month}}:

{{#usage}}
- {{#metric.products}}Products{{/metric.products}}{{#metric.orders}}Orders{{/metric.orders}}{{#metric.storage}}Storage{{/metric.storage}}{{#metric.staff}}Staff accounts{{/metric.staff}}: {{used.n}}{{#metric.storage}} MB{{/metric.storage}}{{#limit.is_unlimited}}, unlimited{{/limit.is_unlimited}}{{^limit.is_unlimited}} of {{limit.n}}{{#metric.storage}} MB{{/metric.storage}} ({{percent.n}}){{/limit.is_unlimited}}
{{/usage}}

Compare the plans: {{plans_url}}$m$),

('subscription_upgraded', 'You Are Now on {{plan_name}}', '{{shop_name}} has moved from {{previous_plan_name}} to {{plan_name}}.',
$m$<p style="{{style.p}}"><strong>{{shop_name}}</strong> has moved from the {{previous_plan_name}} plan to <strong>{{plan_name}}</strong>. The new limits count from now on.</p>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.facts}}">
<tr><td style="{{style.fact}}">Price</td><td style="{{style.value}}">{{price}} per {{#is_yearly}}year{{/is_yearly}}{{^is_yearly}}month{{/is_yearly}}</td></tr>
<tr><td style="{{style.fact}}">Products</td><td style="{{style.value}}">{{#products_limit.is_unlimited}}unlimited{{/products_limit.is_unlimited}}{{^products_limit.is_unlimited}}{{products_limit.n}}{{/products_limit.is_unlimited}}</td></tr>
<tr><td style="{{style.fact}}">Orders per month</td><td style="{{style.value}}">{{#orders_per_month.is_unlimited}}unlimited{{/orders_per_month.is_unlimited}}{{^orders_per_month.is_unlimited}}{{orders_per_month.n}}{{/orders_per_month.is_unlimited}}</td></tr>
<tr><td style="{{style.fact}}">Storage</td><td style="{{style.value}}">{{#storage_mb.is_unlimited}}unlimited{{/storage_mb.is_unlimited}}{{^storage_mb.is_unlimited}}{{storage_mb.n}} MB{{/storage_mb.is_unlimited}}</td></tr>
<tr><td style="{{style.fact}}">Staff accounts</td><td style="{{style.value}}">{{#staff_accounts.is_unlimited}}unlimited{{/staff_accounts.is_unlimited}}{{^staff_accounts.is_unlimited}}{{staff_accounts.n}}{{/staff_accounts.is_unlimited}}</td></tr>
</table>
<p style="{{style.p}}">What is left of a payment for the {{previous_plan_name}} plan counts towards the new one.</p>
<p style="{{style.action}}"><a href="{{billing_url}}" style="{{colour.button}}">Manage billing</a></p>
$m$,
$m${{shop_name}} has moved from the {{previous_plan_name}} plan to {{plan_name}}. The new limits count from now on.

Price: {{price}} per {{#is_yearly}}year{{/is_yearly}}{{^is_yearly}}month{{/is_yearly}}
Products: {{#products_limit.is_unlimited}}unlimited{{/products_limit.is_unlimited}}{{^products_limit.is_unlimited}}{{products_limit.n}}{{/products_limit.is_unlimited}}
Orders per month: {{#orders_per_month.is_unlimited}}unlimited{{/orders_per_month.is_unlimited}}{{^orders_per_month.is_unlimited}}{{orders_per_month.n}}{{/orders_per_month.is_unlimited}}
Storage: {{#storage_mb.is_unlimited}}unlimited{{/storage_mb.is_unlimited}}{{^storage_mb.is_unlimited}}{{storage_mb.n}} MB{{/storage_mb.is_unlimited}}
Staff accounts: {{#staff_accounts.is_unlimited}}unlimited{{/staff_accounts.is_unlimited}}{{^staff_accounts.is_unlimited}}{{staff_accounts.n}}{{/staff_accounts.is_unlimited}}

What is left of a payment for the {{previous_plan_name}} plan counts towards the new one.

Manage billing: {{billing_url}}$m$),

('downgrade_scheduled', 'Your Plan Changes to {{next_plan_name}} on {{starts_at}}', 'Until then {{shop_name}} keeps everything that {{plan_name}} includes.',
$m$<p style="{{style.p}}">On <strong>{{starts_at}}</strong>, <strong>{{shop_name}}</strong> moves from {{plan_name}} to the <strong>{{next_plan_name}}</strong> plan. Until then you keep everything you have.</p>
<h2 style="{{style.h2}}">What {{next_plan_name}} includes</h2>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.facts}}">
<tr><td style="{{style.fact}}">Products</td><td style="{{style.value}}">{{#next_products_limit.is_unlimited}}unlimited{{/next_products_limit.is_unlimited}}{{^next_products_limit.is_unlimited}}{{next_products_limit.n}}{{/next_products_limit.is_unlimited}}</td></tr>
<tr><td style="{{style.fact}}">Orders per month</td><td style="{{style.value}}">{{#next_orders_per_month.is_unlimited}}unlimited{{/next_orders_per_month.is_unlimited}}{{^next_orders_per_month.is_unlimited}}{{next_orders_per_month.n}}{{/next_orders_per_month.is_unlimited}}</td></tr>
<tr><td style="{{style.fact}}">Storage</td><td style="{{style.value}}">{{#next_storage_mb.is_unlimited}}unlimited{{/next_storage_mb.is_unlimited}}{{^next_storage_mb.is_unlimited}}{{next_storage_mb.n}} MB{{/next_storage_mb.is_unlimited}}</td></tr>
<tr><td style="{{style.fact}}">Staff accounts</td><td style="{{style.value}}">{{#next_staff_accounts.is_unlimited}}unlimited{{/next_staff_accounts.is_unlimited}}{{^next_staff_accounts.is_unlimited}}{{next_staff_accounts.n}}{{/next_staff_accounts.is_unlimited}}</td></tr>
</table>
<p style="{{style.p}}">What is beyond these limits stays and can be edited, but nothing new can be added until there is room. Nothing is deleted.</p>
<p style="{{style.action}}"><a href="{{plans_url}}" style="{{colour.button}}">Change your mind</a></p>
$m$,
$m$On {{starts_at}}, {{shop_name}} moves from {{plan_name}} to the {{next_plan_name}} plan. Until then you keep everything you have.

What {{next_plan_name}} includes:
- Products: {{#next_products_limit.is_unlimited}}unlimited{{/next_products_limit.is_unlimited}}{{^next_products_limit.is_unlimited}}{{next_products_limit.n}}{{/next_products_limit.is_unlimited}}
- Orders per month: {{#next_orders_per_month.is_unlimited}}unlimited{{/next_orders_per_month.is_unlimited}}{{^next_orders_per_month.is_unlimited}}{{next_orders_per_month.n}}{{/next_orders_per_month.is_unlimited}}
- Storage: {{#next_storage_mb.is_unlimited}}unlimited{{/next_storage_mb.is_unlimited}}{{^next_storage_mb.is_unlimited}}{{next_storage_mb.n}} MB{{/next_storage_mb.is_unlimited}}
- Staff accounts: {{#next_staff_accounts.is_unlimited}}unlimited{{/next_staff_accounts.is_unlimited}}{{^next_staff_accounts.is_unlimited}}{{next_staff_accounts.n}}{{/next_staff_accounts.is_unlimited}}

What is beyond these limits stays and can be edited, but nothing new can be added until there is room. Nothing is deleted.

Change your mind: {{plans_url}}$m$),

('subscription_canceled', 'Your {{ended_plan_name}} Subscription {{#ends_at}}Will End{{/ends_at}}{{^ends_at}}Has Ended{{/ends_at}}', 'What happens to {{shop_name}} now.',
$m${{#ends_at}}
<p style="{{style.p}}">The <strong>{{ended_plan_name}}</strong> subscription of <strong>{{shop_name}}</strong> is canceled and ends on <strong>{{ends_at}}</strong>. Until then you keep everything it includes, and you can resume it at any time.</p>
{{/ends_at}}
{{^ends_at}}
<p style="{{style.p}}">The <strong>{{ended_plan_name}}</strong> subscription of <strong>{{shop_name}}</strong> has ended. Your shop is on the Free plan now.</p>
{{/ends_at}}
<ul style="{{style.ul}}">
<li style="{{style.li}}">Your shop stays on the marketplace with the limits of the Free plan.</li>
<li style="{{style.li}}">Nothing is deleted: products, orders and files stay.</li>
<li style="{{style.li}}">A storefront address of your own is kept for you for 30 days.</li>
</ul>
<p style="{{style.action}}"><a href="{{plans_url}}" style="{{colour.button}}">{{#ends_at}}Keep your plan{{/ends_at}}{{^ends_at}}Choose a plan{{/ends_at}}</a></p>
$m$,
$m${{#ends_at}}
The {{ended_plan_name}} subscription of {{shop_name}} is canceled and ends on {{ends_at}}. Until then you keep everything it includes, and you can resume it at any time.
{{/ends_at}}
{{^ends_at}}
The {{ended_plan_name}} subscription of {{shop_name}} has ended. Your shop is on the Free plan now.
{{/ends_at}}

- Your shop stays on the marketplace with the limits of the Free plan.
- Nothing is deleted: products, orders and files stay.
- A storefront address of your own is kept for you for 30 days.

{{#ends_at}}Keep your plan: {{/ends_at}}{{^ends_at}}Choose a plan: {{/ends_at}}{{plans_url}}$m$),

('payment_succeeded', 'We Received Your Payment of {{amount}}', 'Thank you: {{amount}} for {{shop_name}}.',
$m$<p style="{{style.p}}">Thank you. Your payment for the <strong>{{plan_name}}</strong> plan of <strong>{{shop_name}}</strong> has arrived.</p>
<div style="{{colour.box}}">
<p style="{{colour.figure}}">{{amount}}</p>
<p style="{{colour.unit}}">{{currency}}</p>
</div>
{{#invoice_url}}
<p style="{{style.action}}"><a href="{{invoice_url}}" style="{{colour.button}}">View invoice</a></p>
{{/invoice_url}}
<p style="{{style.p}}">All your invoices are on the <a href="{{billing_url}}" style="{{style.link}}">billing page</a>.</p>
$m$,
$m$Thank you. Your payment for the {{plan_name}} plan of {{shop_name}} has arrived: {{amount}} {{currency}}.
{{#invoice_url}}

View invoice: {{invoice_url}}
{{/invoice_url}}

All your invoices: {{billing_url}}$m$),

('welcome', 'Welcome to {{app_name}}', 'Good to have you with us.',
$m${{#is_seller}}
{{#is_under_review}}
<p style="{{style.p}}">Your shop <strong>{{shop_name}}</strong> is registered on {{app_name}}. We look at it before it opens; after that you can sign in.</p>
{{/is_under_review}}
{{^is_under_review}}
<p style="{{style.p}}">Your shop <strong>{{shop_name}}</strong> is open on {{app_name}}. It begins on the Free plan, which costs nothing.</p>
{{/is_under_review}}
<h2 style="{{style.h2}}">Your first steps</h2>
<ol style="{{style.ul}}">
<li style="{{style.li}}">Add your first products.</li>
<li style="{{style.li}}">Set your opening hours and delivery.</li>
<li style="{{style.li}}">Share your shop with your customers.</li>
</ol>
<p style="{{style.action}}"><a href="{{app_url}}" style="{{colour.button}}">Open your shop</a></p>
{{/is_seller}}
{{^is_seller}}
<p style="{{style.p}}">Your account at {{app_name}} is ready. Discover shops and their products, order in a few steps and follow your orders.</p>
<p style="{{style.action}}"><a href="{{app_url}}" style="{{colour.button}}">Start shopping</a></p>
{{/is_seller}}
<p style="{{style.p}}">If you have a question, look at our <a href="{{help_url}}" style="{{style.link}}">help pages</a> or <a href="{{contact_url}}" style="{{style.link}}">write to us</a>.</p>
$m$,
$m${{#is_seller}}
{{#is_under_review}}
Your shop {{shop_name}} is registered on {{app_name}}. We look at it before it opens; after that you can sign in.
{{/is_under_review}}
{{^is_under_review}}
Your shop {{shop_name}} is open on {{app_name}}. It begins on the Free plan, which costs nothing.
{{/is_under_review}}

Your first steps:
1. Add your first products.
2. Set your opening hours and delivery.
3. Share your shop with your customers.

Open your shop: {{app_url}}
{{/is_seller}}
{{^is_seller}}
Your account at {{app_name}} is ready. Discover shops and their products, order in a few steps and follow your orders.

Start shopping: {{app_url}}
{{/is_seller}}

If you have a question, look at our help pages ({{help_url}}) or write to us ({{contact_url}}).$m$),

('verification_code', 'Your {{app_name}} Code', 'It is valid for {{minutes.n}} {{#minutes.one}}minute{{/minutes.one}}{{^minutes.one}}minutes{{/minutes.one}}.',
$m$<p style="{{style.p}}">Enter this code to confirm your address:</p>
<p dir="ltr" style="{{style.code}}">{{code}}</p>
<p style="{{style.p}}">It is valid for {{minutes.n}} {{#minutes.one}}minute{{/minutes.one}}{{^minutes.one}}minutes{{/minutes.one}}. Do not give it to anybody: we never ask for it.</p>
<p style="{{style.p}}">If you did not ask for a code, you need not do anything.</p>
$m$,
$m$Enter this code to confirm your address: {{code}}

It is valid for {{minutes.n}} {{#minutes.one}}minute{{/minutes.one}}{{^minutes.one}}minutes{{/minutes.one}}. Do not give it to anybody: we never ask for it.

If you did not ask for a code, you need not do anything.$m$),

('password_reset', 'Reset Your Password', 'Your code is valid for {{minutes.n}} {{#minutes.one}}minute{{/minutes.one}}{{^minutes.one}}minutes{{/minutes.one}}.',
$m$<p style="{{style.p}}">Somebody, hopefully you, wants to set a new password for your account. Enter this code to go on:</p>
<p dir="ltr" style="{{style.code}}">{{code}}</p>
<p style="{{style.p}}">It is valid for {{minutes.n}} {{#minutes.one}}minute{{/minutes.one}}{{^minutes.one}}minutes{{/minutes.one}}. Do not give it to anybody: we never ask for it.</p>
<p style="{{style.p}}">If it was not you, your password stays as it is, and you need not do anything.</p>
$m$,
$m$Somebody, hopefully you, wants to set a new password for your account. Enter this code to go on: {{code}}

It is valid for {{minutes.n}} {{#minutes.one}}minute{{/minutes.one}}{{^minutes.one}}minutes{{/minutes.one}}. Do not give it to anybody: we never ask for it.

If it was not you, your password stays as it is, and you need not do anything.$m$),

('staff_invited', '{{#has_account}}{{shop_name}} Invites You{{/has_account}}{{^has_account}}Your Staff Account at {{shop_name}}{{/has_account}}', 'Work with {{shop_name}} on {{app_name}}.',
$m${{#has_account}}
<p style="{{style.p}}"><strong>{{shop_name}}</strong> invites you to its staff on {{app_name}}. Nothing changes for you until you accept.</p>
<p style="{{style.action}}"><a href="{{app_url}}/seller/invitations/{{shop_id}}" style="{{colour.button}}">See the invitation</a></p>
<p style="{{style.p}}">If you do not know this shop, you need not do anything.</p>
{{/has_account}}
{{^has_account}}
<p style="{{style.p}}"><strong>{{shop_name}}</strong> has made a staff account for you on {{app_name}}. Choose “Forgot password” when you sign in for the first time, with this e-mail address, to set your password.</p>
<p style="{{style.action}}"><a href="{{app_url}}/seller/login" style="{{colour.button}}">Sign in</a></p>
{{/has_account}}
$m$,
$m${{#has_account}}
{{shop_name}} invites you to its staff on {{app_name}}. Nothing changes for you until you accept.

See the invitation: {{app_url}}/seller/invitations/{{shop_id}}

If you do not know this shop, you need not do anything.
{{/has_account}}
{{^has_account}}
{{shop_name}} has made a staff account for you on {{app_name}}. Choose "Forgot password" when you sign in for the first time, with this e-mail address, to set your password.

Sign in: {{app_url}}/seller/login
{{/has_account}}$m$),

('webhook_endpoint_disabled', 'A Webhook Endpoint of {{shop_name}} Was Switched Off', 'It has failed since {{failing_since}}.',
$m$<p style="{{style.p}}">Nothing could be delivered to a webhook endpoint of <strong>{{shop_name}}</strong> since {{failing_since}}. It was switched off, and events are no longer sent to it.</p>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.facts}}">
<tr><td style="{{style.fact}}">Endpoint</td><td dir="ltr" style="{{style.value}}">{{endpoint_url}}</td></tr>
<tr><td style="{{style.fact}}">Failing since</td><td style="{{style.value}}">{{failing_since}}</td></tr>
<tr><td style="{{style.fact}}">Last error</td><td dir="ltr" style="{{style.value}}">{{last_error}}</td></tr>
</table>
<p style="{{style.p}}">Mend the endpoint, then switch it on again. The log of deliveries shows what was missed and can send it once more.</p>
<p style="{{style.action}}"><a href="{{app_url}}/seller/webhooks" style="{{colour.button}}">Look at the endpoint</a></p>
$m$,
$m$Nothing could be delivered to a webhook endpoint of {{shop_name}} since {{failing_since}}. It was switched off, and events are no longer sent to it.

Endpoint: {{endpoint_url}}
Last error: {{last_error}}

Mend the endpoint, then switch it on again. The log of deliveries shows what was missed and can send it once more: {{app_url}}/seller/webhooks$m$)

) s (name, subject, preheader, html, text)
ON CONFLICT (name, locale) DO UPDATE SET subject = excluded.subject, preheader = excluded.preheader, html = excluded.html,
    text = excluded.text, shipped = excluded.shipped, updated_at = now()
WHERE k.shipped = md5(k.subject || k.preheader || k.html || k.text) AND k.shipped <> excluded.shipped;

-- sql/seed/mail_bn.sql
-- The mails in Bengali.  A row that an operator edited stays as he has it.
INSERT INTO qutecart.mail_templates AS k (locale, name, subject, preheader, html, text, shipped)
SELECT 'bn', s.*, md5(s.subject || s.preheader || s.html || s.text)
FROM (VALUES

('subscription_confirmation', '{{plan_name}} প্ল্যানে স্বাগতম 🎉', '{{shop_name}}-এর জন্য আপনার {{plan_name}} প্ল্যান চালু হয়েছে।',
$m$<p style="{{style.p}}"><strong>{{shop_name}}</strong>-এর জন্য <strong>{{plan_name}}</strong> প্ল্যান বেছে নেওয়ায় ধন্যবাদ। প্ল্যানের সবকিছু এখনই আপনার জন্য প্রস্তুত।</p>
{{^trial_days.is_zero}}
<div style="{{colour.box}}">
<p style="{{style.strong}}">{{trial_days.n}} দিন বিনামূল্যে</p>
<p style="{{style.boxed}}">আপনার ট্রায়াল <strong>{{trial_ends_at}}</strong> পর্যন্ত চলবে। তার আগে কোনো টাকা দিতে হবে না, এবং যেকোনো সময় বাতিল করতে পারবেন।</p>
</div>
{{/trial_days.is_zero}}
{{#subdomain}}
<div style="{{colour.box}}">
<p style="{{style.strong}}">আপনার নিজের স্টোরফ্রন্ট</p>
<p style="{{style.boxed}}">আপনার দোকানের নিজস্ব ঠিকানা আছে: <strong dir="ltr">{{subdomain}}</strong></p>
</div>
{{/subdomain}}
<h2 style="{{style.h2}}">আপনার প্ল্যানে যা আছে</h2>
<ul style="{{style.ul}}">
<li style="{{style.li}}">{{#products_limit.is_unlimited}}সীমাহীন পণ্য{{/products_limit.is_unlimited}}{{^products_limit.is_unlimited}}{{products_limit.n}}টি পণ্য{{/products_limit.is_unlimited}}</li>
<li style="{{style.li}}">{{#orders_per_month.is_unlimited}}সীমাহীন অর্ডার{{/orders_per_month.is_unlimited}}{{^orders_per_month.is_unlimited}}প্রতি মাসে {{orders_per_month.n}}টি অর্ডার{{/orders_per_month.is_unlimited}}</li>
<li style="{{style.li}}">{{#storage_mb.is_unlimited}}সীমাহীন স্টোরেজ{{/storage_mb.is_unlimited}}{{^storage_mb.is_unlimited}}{{storage_mb.n}} MB স্টোরেজ{{/storage_mb.is_unlimited}}</li>
<li style="{{style.li}}">{{#staff_accounts.is_unlimited}}সীমাহীন কর্মী অ্যাকাউন্ট{{/staff_accounts.is_unlimited}}{{^staff_accounts.is_unlimited}}{{staff_accounts.n}}টি কর্মী অ্যাকাউন্ট{{/staff_accounts.is_unlimited}}</li>
{{#subdomain}}
<li style="{{style.li}}">নিজস্ব ঠিকানায় স্টোরফ্রন্ট</li>
<li style="{{style.li}}">সেখানে ক্রেতারা শুধু আপনার দোকানই দেখবেন</li>
{{/subdomain}}
{{#has_priority_support}}
<li style="{{style.li}}">অগ্রাধিকার সহায়তা</li>
{{/has_priority_support}}
</ul>
{{#subdomain}}
<p style="{{style.action}}"><a href="https://{{subdomain}}" style="{{colour.button}}">আপনার দোকান দেখুন</a></p>
{{/subdomain}}
<p style="{{style.p}}">শুরু করতে আপনার পণ্য যোগ করুন, অথবা অন্য দোকান থেকে ইমপোর্ট ফাইল দিয়ে নিয়ে আসুন। কোনো প্রশ্ন থাকলে <a href="{{contact_url}}" style="{{style.link}}">আমাদের লিখুন</a>।</p>
$m$,
$m${{shop_name}}-এর জন্য {{plan_name}} প্ল্যান বেছে নেওয়ায় ধন্যবাদ। প্ল্যানের সবকিছু এখনই আপনার জন্য প্রস্তুত।
{{^trial_days.is_zero}}

{{trial_days.n}} দিন বিনামূল্যে
আপনার ট্রায়াল {{trial_ends_at}} পর্যন্ত চলবে। তার আগে কোনো টাকা দিতে হবে না, এবং যেকোনো সময় বাতিল করতে পারবেন।
{{/trial_days.is_zero}}
{{#subdomain}}

আপনার নিজের স্টোরফ্রন্ট: https://{{subdomain}}
{{/subdomain}}

আপনার প্ল্যানে যা আছে:
- {{#products_limit.is_unlimited}}সীমাহীন পণ্য{{/products_limit.is_unlimited}}{{^products_limit.is_unlimited}}{{products_limit.n}}টি পণ্য{{/products_limit.is_unlimited}}
- {{#orders_per_month.is_unlimited}}সীমাহীন অর্ডার{{/orders_per_month.is_unlimited}}{{^orders_per_month.is_unlimited}}প্রতি মাসে {{orders_per_month.n}}টি অর্ডার{{/orders_per_month.is_unlimited}}
- {{#storage_mb.is_unlimited}}সীমাহীন স্টোরেজ{{/storage_mb.is_unlimited}}{{^storage_mb.is_unlimited}}{{storage_mb.n}} MB স্টোরেজ{{/storage_mb.is_unlimited}}
- {{#staff_accounts.is_unlimited}}সীমাহীন কর্মী অ্যাকাউন্ট{{/staff_accounts.is_unlimited}}{{^staff_accounts.is_unlimited}}{{staff_accounts.n}}টি কর্মী অ্যাকাউন্ট{{/staff_accounts.is_unlimited}}
{{#subdomain}}
- নিজস্ব ঠিকানায় স্টোরফ্রন্ট
- সেখানে ক্রেতারা শুধু আপনার দোকানই দেখবেন
{{/subdomain}}
{{#has_priority_support}}
- অগ্রাধিকার সহায়তা
{{/has_priority_support}}

শুরু করতে আপনার পণ্য যোগ করুন, অথবা অন্য দোকান থেকে ইমপোর্ট ফাইল দিয়ে নিয়ে আসুন। কোনো প্রশ্ন থাকলে আমাদের লিখুন: {{contact_url}}$m$),

('payment_failed', 'পেমেন্ট ব্যর্থ হয়েছে - পদক্ষেপ প্রয়োজন', '{{shop_name}}-এর জন্য {{amount}} নেওয়া যায়নি।',
$m$<p style="{{style.p}}"><strong>{{shop_name}}</strong>-এর <strong>{{plan_name}}</strong> প্ল্যানের পেমেন্ট নেওয়া যায়নি।</p>
{{#is_urgent}}
<div style="{{colour.box}}">
<p style="{{style.strong}}">জরুরি: এটি ছিল {{attempt.n}} নম্বর চেষ্টা</p>
<p style="{{style.boxed}}">পেমেন্ট না এলে আপনার দোকান Free প্ল্যানের সীমায় চলে যাবে।</p>
</div>
{{/is_urgent}}
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.facts}}">
<tr><td style="{{style.fact}}">পরিমাণ</td><td style="{{style.value}}">{{amount}} {{currency}}</td></tr>
<tr><td style="{{style.fact}}">চেষ্টা</td><td style="{{style.value}}">{{attempt.n}}</td></tr>
{{#next_attempt_at}}
<tr><td style="{{style.fact}}">পরবর্তী চেষ্টা</td><td style="{{style.value}}">{{next_attempt_at}}</td></tr>
{{/next_attempt_at}}
</table>
<p style="{{style.action}}"><a href="{{billing_url}}" style="{{colour.button}}">পেমেন্ট পদ্ধতি হালনাগাদ করুন</a></p>
<h2 style="{{style.h2}}">সাধারণ কারণ</h2>
<ul style="{{style.ul}}">
<li style="{{style.li}}">কার্ডের মেয়াদ শেষ হয়েছে।</li>
<li style="{{style.li}}">অ্যাকাউন্টে যথেষ্ট টাকা ছিল না।</li>
<li style="{{style.li}}">নিরাপত্তার কারণে ব্যাংক পেমেন্টটি প্রত্যাখ্যান করেছে।</li>
<li style="{{style.li}}">বিলিংয়ের তথ্য বদলে গেছে।</li>
</ul>
<h2 style="{{style.h2}}">এখন কী করবেন</h2>
<ol style="{{style.ul}}">
<li style="{{style.li}}">বিলিং পাতা খুলুন।</li>
<li style="{{style.li}}">কার্ডটি যাচাই করুন অথবা অন্য একটি যোগ করুন।</li>
<li style="{{style.li}}">কার্ড ঠিক থাকলে আপনার ব্যাংককে জিজ্ঞাসা করুন।</li>
<li style="{{style.li}}">এরপর পেমেন্টটি নিজে থেকেই আবার চেষ্টা করা হবে।</li>
</ol>
$m$,
$m${{shop_name}}-এর {{plan_name}} প্ল্যানের পেমেন্ট নেওয়া যায়নি।
{{#is_urgent}}

জরুরি: এটি ছিল {{attempt.n}} নম্বর চেষ্টা – পেমেন্ট না এলে আপনার দোকান Free প্ল্যানের সীমায় চলে যাবে।
{{/is_urgent}}

পরিমাণ: {{amount}} {{currency}}
চেষ্টা: {{attempt.n}}
{{#next_attempt_at}}
পরবর্তী চেষ্টা: {{next_attempt_at}}
{{/next_attempt_at}}

পেমেন্ট পদ্ধতি হালনাগাদ করুন: {{billing_url}}

সাধারণ কারণ:
- কার্ডের মেয়াদ শেষ হয়েছে।
- অ্যাকাউন্টে যথেষ্ট টাকা ছিল না।
- নিরাপত্তার কারণে ব্যাংক পেমেন্টটি প্রত্যাখ্যান করেছে।
- বিলিংয়ের তথ্য বদলে গেছে।

এখন কী করবেন:
1. বিলিং পাতা খুলুন।
2. কার্ডটি যাচাই করুন অথবা অন্য একটি যোগ করুন।
3. কার্ড ঠিক থাকলে আপনার ব্যাংককে জিজ্ঞাসা করুন।
4. এরপর পেমেন্টটি নিজে থেকেই আবার চেষ্টা করা হবে।$m$),

('trial_ending', 'আপনার ট্রায়াল {{days_left.n}} দিনের মধ্যে শেষ হচ্ছে', '{{shop_name}}-এর {{plan_name}} ট্রায়াল {{trial_ends_at}} তারিখে শেষ হবে।',
$m$<p style="{{style.p}}"><strong>{{shop_name}}</strong>-এর <strong>{{plan_name}}</strong> প্ল্যানের ট্রায়াল শেষ হতে চলেছে।</p>
<div style="{{colour.box}}">
<p style="{{colour.figure}}">{{days_left.n}}</p>
<p style="{{colour.unit}}">দিন বাকি, {{trial_ends_at}} পর্যন্ত</p>
</div>
<h2 style="{{style.h2}}">এরপর কী হবে</h2>
<p style="{{style.p}}">{{trial_ends_at}} তারিখে প্ল্যানটি নিজে থেকেই চলতে থাকবে, <strong>{{#is_yearly}}প্রতি বছর {{price}}{{/is_yearly}}{{^is_yearly}}প্রতি মাসে {{price}}{{/is_yearly}}</strong> হারে আপনার পেমেন্ট পদ্ধতি থেকে নেওয়া হবে। আপনার থাকবে:</p>
<ul style="{{style.ul}}">
<li style="{{style.li}}">আপনার সব পণ্য ও অর্ডার</li>
<li style="{{style.li}}">{{plan_name}} প্ল্যানের সীমা</li>
<li style="{{style.li}}">আপনার স্টোরফ্রন্টের নিজস্ব ঠিকানা</li>
<li style="{{style.li}}">আপনার কর্মীদের প্রবেশাধিকার</li>
<li style="{{style.li}}">এখন ব্যবহার করছেন এমন সব সুবিধা</li>
</ul>
<p style="{{style.action}}"><a href="{{billing_url}}" style="{{colour.button}}">বিলিং পরিচালনা করুন</a></p>
<p style="{{style.p}}">চালিয়ে যেতে না চাইলে {{trial_ends_at}} তারিখের আগে বাতিল করুন। তখন আপনার দোকান Free প্ল্যানে যাবে, এবং কিছুই মুছে যাবে না।</p>
$m$,
$m${{shop_name}}-এর {{plan_name}} প্ল্যানের ট্রায়াল শেষ হতে চলেছে।

{{days_left.n}} দিন বাকি, {{trial_ends_at}} পর্যন্ত

এরপর কী হবে:
{{trial_ends_at}} তারিখে প্ল্যানটি নিজে থেকেই চলতে থাকবে, {{#is_yearly}}প্রতি বছর {{price}}{{/is_yearly}}{{^is_yearly}}প্রতি মাসে {{price}}{{/is_yearly}} হারে আপনার পেমেন্ট পদ্ধতি থেকে নেওয়া হবে। আপনার থাকবে:
- আপনার সব পণ্য ও অর্ডার
- {{plan_name}} প্ল্যানের সীমা
- আপনার স্টোরফ্রন্টের নিজস্ব ঠিকানা
- আপনার কর্মীদের প্রবেশাধিকার
- এখন ব্যবহার করছেন এমন সব সুবিধা

বিলিং পরিচালনা করুন: {{billing_url}}

চালিয়ে যেতে না চাইলে {{trial_ends_at}} তারিখের আগে বাতিল করুন। তখন আপনার দোকান Free প্ল্যানে যাবে, এবং কিছুই মুছে যাবে না।$m$),

('limit_warning', '{{#is_reached}}{{#limit_type.products}}পণ্যের সীমা পূর্ণ হয়েছে{{/limit_type.products}}{{#limit_type.orders}}অর্ডারের সীমা পূর্ণ হয়েছে{{/limit_type.orders}}{{#limit_type.storage}}স্টোরেজের সীমা পূর্ণ হয়েছে{{/limit_type.storage}}{{#limit_type.staff}}কর্মীর সীমা পূর্ণ হয়েছে{{/limit_type.staff}}{{/is_reached}}{{^is_reached}}{{#limit_type.products}}পণ্যের সীমা ঘনিয়ে আসছে{{/limit_type.products}}{{#limit_type.orders}}অর্ডারের সীমা ঘনিয়ে আসছে{{/limit_type.orders}}{{#limit_type.storage}}স্টোরেজের সীমা ঘনিয়ে আসছে{{/limit_type.storage}}{{#limit_type.staff}}কর্মীর সীমা ঘনিয়ে আসছে{{/limit_type.staff}}{{/is_reached}}', '{{shop_name}} {{plan_name}} প্ল্যানের {{percent.n}} ব্যবহার করেছে।',
$m${{#is_reached}}
<p style="{{style.p}}"><strong>{{shop_name}}</strong> তার <strong>{{plan_name}}</strong> প্ল্যানের একটি সীমায় পৌঁছেছে।</p>
{{/is_reached}}
{{^is_reached}}
<p style="{{style.p}}"><strong>{{shop_name}}</strong> তার <strong>{{plan_name}}</strong> প্ল্যানের একটি সীমার কাছাকাছি।</p>
{{/is_reached}}
<div style="{{colour.box}}">
<p style="{{colour.figure}}">{{percent.n}}</p>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.bar}}"><tr><td width="{{percent.bar}}%" style="{{colour.bar}}">&nbsp;</td><td style="{{style.rest}}">&nbsp;</td></tr></table>
<p style="{{colour.unit}}">{{limit.n}}-এর মধ্যে {{current.n}} {{#limit_type.products}}পণ্য{{/limit_type.products}}{{#limit_type.orders}}এই মাসের অর্ডার{{/limit_type.orders}}{{#limit_type.storage}}MB{{/limit_type.storage}}{{#limit_type.staff}}কর্মী অ্যাকাউন্ট{{/limit_type.staff}}</p>
</div>
<h2 style="{{style.h2}}">{{#is_reached}}এখন এর অর্থ কী{{/is_reached}}{{^is_reached}}১০০% হলে কী হবে{{/is_reached}}</h2>
<ul style="{{style.ul}}">
<li style="{{style.li}}">{{#limit_type.products}}আর কোনো পণ্য যোগ করা যাবে না।{{/limit_type.products}}{{#limit_type.orders}}পরের মাস শুরু না হওয়া পর্যন্ত ক্রেতাদের নতুন অর্ডার নেওয়া হবে না।{{/limit_type.orders}}{{#limit_type.storage}}আর কোনো ফাইল আপলোড করা যাবে না।{{/limit_type.storage}}{{#limit_type.staff}}আর কোনো কর্মী অ্যাকাউন্ট যোগ করা যাবে না।{{/limit_type.staff}}</li>
<li style="{{style.li}}">যা আছে তা থাকবে, এবং আগের মতোই বদলানো যাবে।</li>
<li style="{{style.li}}">কিছুই মুছে ফেলা বা লুকানো হবে না।</li>
</ul>
<p style="{{style.p}}">বড় প্ল্যানে সবই বেশি: আরও পণ্য, আরও অর্ডার, আরও স্টোরেজ ও আরও কর্মী।</p>
<p style="{{style.action}}"><a href="{{plans_url}}" style="{{colour.button}}">আপগ্রেডের বিকল্প দেখুন</a></p>
$m$,
$m${{#is_reached}}
{{shop_name}} তার {{plan_name}} প্ল্যানের একটি সীমায় পৌঁছেছে।
{{/is_reached}}
{{^is_reached}}
{{shop_name}} তার {{plan_name}} প্ল্যানের একটি সীমার কাছাকাছি।
{{/is_reached}}

{{percent.n}}: {{limit.n}}-এর মধ্যে {{current.n}} {{#limit_type.products}}পণ্য{{/limit_type.products}}{{#limit_type.orders}}এই মাসের অর্ডার{{/limit_type.orders}}{{#limit_type.storage}}MB{{/limit_type.storage}}{{#limit_type.staff}}কর্মী অ্যাকাউন্ট{{/limit_type.staff}}

{{#is_reached}}এখন এর অর্থ কী:{{/is_reached}}{{^is_reached}}১০০% হলে কী হবে:{{/is_reached}}
- {{#limit_type.products}}আর কোনো পণ্য যোগ করা যাবে না।{{/limit_type.products}}{{#limit_type.orders}}পরের মাস শুরু না হওয়া পর্যন্ত ক্রেতাদের নতুন অর্ডার নেওয়া হবে না।{{/limit_type.orders}}{{#limit_type.storage}}আর কোনো ফাইল আপলোড করা যাবে না।{{/limit_type.storage}}{{#limit_type.staff}}আর কোনো কর্মী অ্যাকাউন্ট যোগ করা যাবে না।{{/limit_type.staff}}
- যা আছে তা থাকবে, এবং আগের মতোই বদলানো যাবে।
- কিছুই মুছে ফেলা বা লুকানো হবে না।

বড় প্ল্যানে সবই বেশি: আরও পণ্য, আরও অর্ডার, আরও স্টোরেজ ও আরও কর্মী।
আপগ্রেডের বিকল্প দেখুন: {{plans_url}}$m$),

('order_limit_reached', 'অর্ডারের সীমা পূর্ণ হয়েছে', '{{shop_name}} এই মাসের {{limit.n}}টি অর্ডারের সবকটি পেয়েছে।',
$m$<p style="{{style.p}}"><strong>{{plan_name}}</strong> প্ল্যানে এই মাসে যত অর্ডার আছে, <strong>{{shop_name}}</strong> তার সবকটি পেয়েছে।</p>
<div style="{{colour.box}}">
<p style="{{colour.figure}}">{{limit.n}}</p>
<p style="{{colour.unit}}">এই মাসের অর্ডার</p>
</div>
<p style="{{style.p}}"><strong>{{resets_at}} পর্যন্ত ক্রেতাদের নতুন অর্ডার নেওয়া হবে না।</strong> বড় প্ল্যানে গেলে সঙ্গে সঙ্গেই আবার নেওয়া হবে।</p>
<p style="{{style.action}}"><a href="{{plans_url}}" style="{{colour.button}}">আপগ্রেডের বিকল্প দেখুন</a></p>
$m$,
$m${{plan_name}} প্ল্যানে এই মাসে যত অর্ডার আছে, {{shop_name}} তার সবকটি পেয়েছে। ({{limit.n}})

{{resets_at}} পর্যন্ত ক্রেতাদের নতুন অর্ডার নেওয়া হবে না। বড় প্ল্যানে গেলে সঙ্গে সঙ্গেই আবার নেওয়া হবে।

আপগ্রেডের বিকল্প দেখুন: {{plans_url}}$m$),

('usage_report', '{{month}} মাসে {{shop_name}}', '{{plan_name}} প্ল্যানের কতটা আপনার দোকান ব্যবহার করেছে।',
$m$<p style="{{style.p}}">{{month}} মাসে <strong>{{shop_name}}</strong> তার <strong>{{plan_name}}</strong> প্ল্যানের এতটা ব্যবহার করেছে:</p>
{{#usage}}
<p style="{{style.strong}}">{{#metric.products}}পণ্য{{/metric.products}}{{#metric.orders}}অর্ডার{{/metric.orders}}{{#metric.storage}}স্টোরেজ{{/metric.storage}}{{#metric.staff}}কর্মী অ্যাকাউন্ট{{/metric.staff}}</p>
<p style="{{style.boxed}}">{{#limit.is_unlimited}}{{used.n}}{{#metric.storage}} MB{{/metric.storage}}, সীমাহীন{{/limit.is_unlimited}}{{^limit.is_unlimited}}{{limit.n}}{{#metric.storage}} MB{{/metric.storage}}-এর মধ্যে {{used.n}}{{#metric.storage}} MB{{/metric.storage}} ({{percent.n}}){{/limit.is_unlimited}}</p>
{{^limit.is_unlimited}}
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.bar}}"><tr><td width="{{percent.bar}}%" style="{{colour.bar}}">&nbsp;</td><td style="{{style.rest}}">&nbsp;</td></tr></table>
{{/limit.is_unlimited}}
{{/usage}}
<p style="{{style.action}}"><a href="{{plans_url}}" style="{{colour.button}}">প্ল্যানগুলো তুলনা করুন</a></p>
$m$,
$m${{month}} মাসে {{shop_name}} তার {{plan_name}} প্ল্যানের এতটা ব্যবহার করেছে:

{{#usage}}
- {{#metric.products}}পণ্য{{/metric.products}}{{#metric.orders}}অর্ডার{{/metric.orders}}{{#metric.storage}}স্টোরেজ{{/metric.storage}}{{#metric.staff}}কর্মী অ্যাকাউন্ট{{/metric.staff}}: {{#limit.is_unlimited}}{{used.n}}{{#metric.storage}} MB{{/metric.storage}}, সীমাহীন{{/limit.is_unlimited}}{{^limit.is_unlimited}}{{limit.n}}{{#metric.storage}} MB{{/metric.storage}}-এর মধ্যে {{used.n}}{{#metric.storage}} MB{{/metric.storage}} ({{percent.n}}){{/limit.is_unlimited}}
{{/usage}}

প্ল্যানগুলো তুলনা করুন: {{plans_url}}$m$),

('subscription_upgraded', 'আপনি এখন {{plan_name}} প্ল্যানে', '{{shop_name}} {{previous_plan_name}} থেকে {{plan_name}}-এ গেছে।',
$m$<p style="{{style.p}}"><strong>{{shop_name}}</strong> {{previous_plan_name}} প্ল্যান থেকে <strong>{{plan_name}}</strong>-এ গেছে। নতুন সীমা এখন থেকেই কার্যকর।</p>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.facts}}">
<tr><td style="{{style.fact}}">মূল্য</td><td style="{{style.value}}">{{#is_yearly}}প্রতি বছর {{price}}{{/is_yearly}}{{^is_yearly}}প্রতি মাসে {{price}}{{/is_yearly}}</td></tr>
<tr><td style="{{style.fact}}">পণ্য</td><td style="{{style.value}}">{{#products_limit.is_unlimited}}সীমাহীন{{/products_limit.is_unlimited}}{{^products_limit.is_unlimited}}{{products_limit.n}}{{/products_limit.is_unlimited}}</td></tr>
<tr><td style="{{style.fact}}">প্রতি মাসে অর্ডার</td><td style="{{style.value}}">{{#orders_per_month.is_unlimited}}সীমাহীন{{/orders_per_month.is_unlimited}}{{^orders_per_month.is_unlimited}}{{orders_per_month.n}}{{/orders_per_month.is_unlimited}}</td></tr>
<tr><td style="{{style.fact}}">স্টোরেজ</td><td style="{{style.value}}">{{#storage_mb.is_unlimited}}সীমাহীন{{/storage_mb.is_unlimited}}{{^storage_mb.is_unlimited}}{{storage_mb.n}} MB{{/storage_mb.is_unlimited}}</td></tr>
<tr><td style="{{style.fact}}">কর্মী অ্যাকাউন্ট</td><td style="{{style.value}}">{{#staff_accounts.is_unlimited}}সীমাহীন{{/staff_accounts.is_unlimited}}{{^staff_accounts.is_unlimited}}{{staff_accounts.n}}{{/staff_accounts.is_unlimited}}</td></tr>
</table>
<p style="{{style.p}}">{{previous_plan_name}} প্ল্যানের পেমেন্টের যা বাকি আছে তা নতুন প্ল্যানে গণ্য হবে।</p>
<p style="{{style.action}}"><a href="{{billing_url}}" style="{{colour.button}}">বিলিং পরিচালনা করুন</a></p>
$m$,
$m${{shop_name}} {{previous_plan_name}} প্ল্যান থেকে {{plan_name}}-এ গেছে। নতুন সীমা এখন থেকেই কার্যকর।

মূল্য: {{#is_yearly}}প্রতি বছর {{price}}{{/is_yearly}}{{^is_yearly}}প্রতি মাসে {{price}}{{/is_yearly}}
পণ্য: {{#products_limit.is_unlimited}}সীমাহীন{{/products_limit.is_unlimited}}{{^products_limit.is_unlimited}}{{products_limit.n}}{{/products_limit.is_unlimited}}
প্রতি মাসে অর্ডার: {{#orders_per_month.is_unlimited}}সীমাহীন{{/orders_per_month.is_unlimited}}{{^orders_per_month.is_unlimited}}{{orders_per_month.n}}{{/orders_per_month.is_unlimited}}
স্টোরেজ: {{#storage_mb.is_unlimited}}সীমাহীন{{/storage_mb.is_unlimited}}{{^storage_mb.is_unlimited}}{{storage_mb.n}} MB{{/storage_mb.is_unlimited}}
কর্মী অ্যাকাউন্ট: {{#staff_accounts.is_unlimited}}সীমাহীন{{/staff_accounts.is_unlimited}}{{^staff_accounts.is_unlimited}}{{staff_accounts.n}}{{/staff_accounts.is_unlimited}}

{{previous_plan_name}} প্ল্যানের পেমেন্টের যা বাকি আছে তা নতুন প্ল্যানে গণ্য হবে।

বিলিং পরিচালনা করুন: {{billing_url}}$m$),

('downgrade_scheduled', '{{starts_at}} তারিখে আপনার প্ল্যান {{next_plan_name}} হবে', 'ততদিন {{shop_name}}-এর {{plan_name}} প্ল্যানের সবই থাকবে।',
$m$<p style="{{style.p}}"><strong>{{starts_at}}</strong> তারিখে <strong>{{shop_name}}</strong> {{plan_name}} থেকে <strong>{{next_plan_name}}</strong> প্ল্যানে যাবে। ততদিন আপনার যা আছে সবই থাকবে।</p>
<h2 style="{{style.h2}}">{{next_plan_name}} প্ল্যানে যা আছে</h2>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.facts}}">
<tr><td style="{{style.fact}}">পণ্য</td><td style="{{style.value}}">{{#next_products_limit.is_unlimited}}সীমাহীন{{/next_products_limit.is_unlimited}}{{^next_products_limit.is_unlimited}}{{next_products_limit.n}}{{/next_products_limit.is_unlimited}}</td></tr>
<tr><td style="{{style.fact}}">প্রতি মাসে অর্ডার</td><td style="{{style.value}}">{{#next_orders_per_month.is_unlimited}}সীমাহীন{{/next_orders_per_month.is_unlimited}}{{^next_orders_per_month.is_unlimited}}{{next_orders_per_month.n}}{{/next_orders_per_month.is_unlimited}}</td></tr>
<tr><td style="{{style.fact}}">স্টোরেজ</td><td style="{{style.value}}">{{#next_storage_mb.is_unlimited}}সীমাহীন{{/next_storage_mb.is_unlimited}}{{^next_storage_mb.is_unlimited}}{{next_storage_mb.n}} MB{{/next_storage_mb.is_unlimited}}</td></tr>
<tr><td style="{{style.fact}}">কর্মী অ্যাকাউন্ট</td><td style="{{style.value}}">{{#next_staff_accounts.is_unlimited}}সীমাহীন{{/next_staff_accounts.is_unlimited}}{{^next_staff_accounts.is_unlimited}}{{next_staff_accounts.n}}{{/next_staff_accounts.is_unlimited}}</td></tr>
</table>
<p style="{{style.p}}">এই সীমার বাইরে যা আছে তা থাকবে এবং বদলানো যাবে, তবে জায়গা না হওয়া পর্যন্ত নতুন কিছু যোগ করা যাবে না। কিছুই মুছে যাবে না।</p>
<p style="{{style.action}}"><a href="{{plans_url}}" style="{{colour.button}}">সিদ্ধান্ত বদলান</a></p>
$m$,
$m${{starts_at}} তারিখে {{shop_name}} {{plan_name}} থেকে {{next_plan_name}} প্ল্যানে যাবে। ততদিন আপনার যা আছে সবই থাকবে।

{{next_plan_name}} প্ল্যানে যা আছে:
- পণ্য: {{#next_products_limit.is_unlimited}}সীমাহীন{{/next_products_limit.is_unlimited}}{{^next_products_limit.is_unlimited}}{{next_products_limit.n}}{{/next_products_limit.is_unlimited}}
- প্রতি মাসে অর্ডার: {{#next_orders_per_month.is_unlimited}}সীমাহীন{{/next_orders_per_month.is_unlimited}}{{^next_orders_per_month.is_unlimited}}{{next_orders_per_month.n}}{{/next_orders_per_month.is_unlimited}}
- স্টোরেজ: {{#next_storage_mb.is_unlimited}}সীমাহীন{{/next_storage_mb.is_unlimited}}{{^next_storage_mb.is_unlimited}}{{next_storage_mb.n}} MB{{/next_storage_mb.is_unlimited}}
- কর্মী অ্যাকাউন্ট: {{#next_staff_accounts.is_unlimited}}সীমাহীন{{/next_staff_accounts.is_unlimited}}{{^next_staff_accounts.is_unlimited}}{{next_staff_accounts.n}}{{/next_staff_accounts.is_unlimited}}

এই সীমার বাইরে যা আছে তা থাকবে এবং বদলানো যাবে, তবে জায়গা না হওয়া পর্যন্ত নতুন কিছু যোগ করা যাবে না। কিছুই মুছে যাবে না।

সিদ্ধান্ত বদলান: {{plans_url}}$m$),

('subscription_canceled', '{{#ends_at}}আপনার {{ended_plan_name}} সাবস্ক্রিপশন শেষ হতে যাচ্ছে{{/ends_at}}{{^ends_at}}আপনার {{ended_plan_name}} সাবস্ক্রিপশন শেষ হয়েছে{{/ends_at}}', '{{shop_name}}-এর এখন কী হবে।',
$m${{#ends_at}}
<p style="{{style.p}}"><strong>{{shop_name}}</strong>-এর <strong>{{ended_plan_name}}</strong> সাবস্ক্রিপশন বাতিল করা হয়েছে এবং <strong>{{ends_at}}</strong> তারিখে শেষ হবে। ততদিন এর সবই আপনার থাকবে, এবং যেকোনো সময় আবার চালু করতে পারবেন।</p>
{{/ends_at}}
{{^ends_at}}
<p style="{{style.p}}"><strong>{{shop_name}}</strong>-এর <strong>{{ended_plan_name}}</strong> সাবস্ক্রিপশন শেষ হয়েছে। আপনার দোকান এখন Free প্ল্যানে।</p>
{{/ends_at}}
<ul style="{{style.ul}}">
<li style="{{style.li}}">Free প্ল্যানের সীমা নিয়ে আপনার দোকান মার্কেটপ্লেসে থাকবে।</li>
<li style="{{style.li}}">কিছুই মুছে যাবে না: পণ্য, অর্ডার ও ফাইল থাকবে।</li>
<li style="{{style.li}}">আপনার দোকানের নিজস্ব ঠিকানা ৩০ দিন আপনার জন্য রাখা থাকবে।</li>
</ul>
<p style="{{style.action}}"><a href="{{plans_url}}" style="{{colour.button}}">{{#ends_at}}প্ল্যানটি রাখুন{{/ends_at}}{{^ends_at}}একটি প্ল্যান বেছে নিন{{/ends_at}}</a></p>
$m$,
$m${{#ends_at}}
{{shop_name}}-এর {{ended_plan_name}} সাবস্ক্রিপশন বাতিল করা হয়েছে এবং {{ends_at}} তারিখে শেষ হবে। ততদিন এর সবই আপনার থাকবে, এবং যেকোনো সময় আবার চালু করতে পারবেন।
{{/ends_at}}
{{^ends_at}}
{{shop_name}}-এর {{ended_plan_name}} সাবস্ক্রিপশন শেষ হয়েছে। আপনার দোকান এখন Free প্ল্যানে।
{{/ends_at}}

- Free প্ল্যানের সীমা নিয়ে আপনার দোকান মার্কেটপ্লেসে থাকবে।
- কিছুই মুছে যাবে না: পণ্য, অর্ডার ও ফাইল থাকবে।
- আপনার দোকানের নিজস্ব ঠিকানা ৩০ দিন আপনার জন্য রাখা থাকবে।

{{#ends_at}}প্ল্যানটি রাখুন{{/ends_at}}{{^ends_at}}একটি প্ল্যান বেছে নিন{{/ends_at}}: {{plans_url}}$m$),

('payment_succeeded', 'আমরা আপনার {{amount}} পেমেন্ট পেয়েছি', 'ধন্যবাদ: {{shop_name}}-এর জন্য {{amount}}।',
$m$<p style="{{style.p}}">ধন্যবাদ। <strong>{{shop_name}}</strong>-এর <strong>{{plan_name}}</strong> প্ল্যানের পেমেন্ট এসে পৌঁছেছে।</p>
<div style="{{colour.box}}">
<p style="{{colour.figure}}">{{amount}}</p>
<p style="{{colour.unit}}">{{currency}}</p>
</div>
{{#invoice_url}}
<p style="{{style.action}}"><a href="{{invoice_url}}" style="{{colour.button}}">ইনভয়েস দেখুন</a></p>
{{/invoice_url}}
<p style="{{style.p}}">আপনার সব ইনভয়েস <a href="{{billing_url}}" style="{{style.link}}">বিলিং পাতায়</a> আছে।</p>
$m$,
$m$ধন্যবাদ। {{shop_name}}-এর {{plan_name}} প্ল্যানের পেমেন্ট এসে পৌঁছেছে। {{amount}} {{currency}}
{{#invoice_url}}

ইনভয়েস দেখুন: {{invoice_url}}
{{/invoice_url}}

আপনার সব ইনভয়েস বিলিং পাতায় আছে: {{billing_url}}$m$),

('welcome', '{{app_name}}-এ স্বাগতম', 'আপনাকে পেয়ে আমরা আনন্দিত।',
$m${{#is_seller}}
{{#is_under_review}}
<p style="{{style.p}}">আপনার দোকান <strong>{{shop_name}}</strong> {{app_name}}-এ নিবন্ধিত হয়েছে। খোলার আগে আমরা এটি দেখে নেব; তারপর আপনি সাইন ইন করতে পারবেন।</p>
{{/is_under_review}}
{{^is_under_review}}
<p style="{{style.p}}">আপনার দোকান <strong>{{shop_name}}</strong> {{app_name}}-এ খুলেছে। এটি Free প্ল্যান দিয়ে শুরু হয়, যার কোনো খরচ নেই।</p>
{{/is_under_review}}
<h2 style="{{style.h2}}">আপনার প্রথম পদক্ষেপ</h2>
<ol style="{{style.ul}}">
<li style="{{style.li}}">আপনার প্রথম পণ্যগুলো যোগ করুন।</li>
<li style="{{style.li}}">খোলার সময় ও ডেলিভারি ঠিক করুন।</li>
<li style="{{style.li}}">আপনার দোকানের কথা ক্রেতাদের জানান।</li>
</ol>
<p style="{{style.action}}"><a href="{{app_url}}" style="{{colour.button}}">আপনার দোকান খুলুন</a></p>
{{/is_seller}}
{{^is_seller}}
<p style="{{style.p}}">{{app_name}}-এ আপনার অ্যাকাউন্ট প্রস্তুত। দোকান ও তাদের পণ্য দেখুন, কয়েকটি ধাপে অর্ডার করুন এবং আপনার অর্ডারের খোঁজ রাখুন।</p>
<p style="{{style.action}}"><a href="{{app_url}}" style="{{colour.button}}">কেনাকাটা শুরু করুন</a></p>
{{/is_seller}}
<p style="{{style.p}}">কোনো প্রশ্ন থাকলে আমাদের <a href="{{help_url}}" style="{{style.link}}">সহায়তার পাতা</a> দেখুন অথবা <a href="{{contact_url}}" style="{{style.link}}">আমাদের লিখুন</a>।</p>
$m$,
$m${{#is_seller}}
{{#is_under_review}}
আপনার দোকান {{shop_name}} {{app_name}}-এ নিবন্ধিত হয়েছে। খোলার আগে আমরা এটি দেখে নেব; তারপর আপনি সাইন ইন করতে পারবেন।
{{/is_under_review}}
{{^is_under_review}}
আপনার দোকান {{shop_name}} {{app_name}}-এ খুলেছে। এটি Free প্ল্যান দিয়ে শুরু হয়, যার কোনো খরচ নেই।
{{/is_under_review}}

আপনার প্রথম পদক্ষেপ:
1. আপনার প্রথম পণ্যগুলো যোগ করুন।
2. খোলার সময় ও ডেলিভারি ঠিক করুন।
3. আপনার দোকানের কথা ক্রেতাদের জানান।

আপনার দোকান খুলুন: {{app_url}}
{{/is_seller}}
{{^is_seller}}
{{app_name}}-এ আপনার অ্যাকাউন্ট প্রস্তুত। দোকান ও তাদের পণ্য দেখুন, কয়েকটি ধাপে অর্ডার করুন এবং আপনার অর্ডারের খোঁজ রাখুন।

কেনাকাটা শুরু করুন: {{app_url}}
{{/is_seller}}

কোনো প্রশ্ন থাকলে আমাদের সহায়তার পাতা ({{help_url}}) দেখুন অথবা আমাদের লিখুন ({{contact_url}})।$m$),

('verification_code', 'আপনার {{app_name}} কোড', 'কোডটি {{minutes.n}} মিনিট বৈধ।',
$m$<p style="{{style.p}}">আপনার ঠিকানা নিশ্চিত করতে এই কোডটি দিন:</p>
<p dir="ltr" style="{{style.code}}">{{code}}</p>
<p style="{{style.p}}">কোডটি {{minutes.n}} মিনিট বৈধ। এটি কাউকে দেবেন না: আমরা কখনো এটি চাই না।</p>
<p style="{{style.p}}">আপনি কোড না চেয়ে থাকলে কিছু করার দরকার নেই।</p>
$m$,
$m$আপনার ঠিকানা নিশ্চিত করতে এই কোডটি দিন: {{code}}

কোডটি {{minutes.n}} মিনিট বৈধ। এটি কাউকে দেবেন না: আমরা কখনো এটি চাই না।

আপনি কোড না চেয়ে থাকলে কিছু করার দরকার নেই।$m$),

('password_reset', 'আপনার পাসওয়ার্ড রিসেট করুন', 'কোডটি {{minutes.n}} মিনিট বৈধ।',
$m$<p style="{{style.p}}">কেউ একজন, আশা করি আপনিই, আপনার অ্যাকাউন্টের নতুন পাসওয়ার্ড দিতে চান। এগিয়ে যেতে এই কোডটি দিন:</p>
<p dir="ltr" style="{{style.code}}">{{code}}</p>
<p style="{{style.p}}">কোডটি {{minutes.n}} মিনিট বৈধ। এটি কাউকে দেবেন না: আমরা কখনো এটি চাই না।</p>
<p style="{{style.p}}">আপনি না হলে আপনার পাসওয়ার্ড যেমন আছে তেমনই থাকবে, এবং কিছু করার দরকার নেই।</p>
$m$,
$m$কেউ একজন, আশা করি আপনিই, আপনার অ্যাকাউন্টের নতুন পাসওয়ার্ড দিতে চান। এগিয়ে যেতে এই কোডটি দিন: {{code}}

কোডটি {{minutes.n}} মিনিট বৈধ। এটি কাউকে দেবেন না: আমরা কখনো এটি চাই না।

আপনি না হলে আপনার পাসওয়ার্ড যেমন আছে তেমনই থাকবে, এবং কিছু করার দরকার নেই।$m$),

('staff_invited', '{{#has_account}}{{shop_name}} আপনাকে আমন্ত্রণ জানাচ্ছে{{/has_account}}{{^has_account}}{{shop_name}}-এ আপনার কর্মী অ্যাকাউন্ট{{/has_account}}', '{{app_name}}-এ {{shop_name}}-এর সঙ্গে কাজ করুন।',
$m${{#has_account}}
<p style="{{style.p}}"><strong>{{shop_name}}</strong> আপনাকে {{app_name}}-এ তার কর্মী হতে আমন্ত্রণ জানাচ্ছে। আপনি গ্রহণ না করা পর্যন্ত আপনার কিছুই বদলাবে না।</p>
<p style="{{style.action}}"><a href="{{app_url}}/seller/invitations/{{shop_id}}" style="{{colour.button}}">আমন্ত্রণ দেখুন</a></p>
<p style="{{style.p}}">এই দোকানটি না চিনলে কিছু করার দরকার নেই।</p>
{{/has_account}}
{{^has_account}}
<p style="{{style.p}}"><strong>{{shop_name}}</strong> {{app_name}}-এ আপনার জন্য একটি কর্মী অ্যাকাউন্ট খুলেছে। প্রথমবার সাইন ইন করার সময় এই ইমেইল ঠিকানা দিয়ে “পাসওয়ার্ড ভুলে গেছি” বেছে নিয়ে আপনার পাসওয়ার্ড দিন।</p>
<p style="{{style.action}}"><a href="{{app_url}}/seller/login" style="{{colour.button}}">সাইন ইন করুন</a></p>
{{/has_account}}
$m$,
$m${{#has_account}}
{{shop_name}} আপনাকে {{app_name}}-এ তার কর্মী হতে আমন্ত্রণ জানাচ্ছে। আপনি গ্রহণ না করা পর্যন্ত আপনার কিছুই বদলাবে না।

আমন্ত্রণ দেখুন: {{app_url}}/seller/invitations/{{shop_id}}

এই দোকানটি না চিনলে কিছু করার দরকার নেই।
{{/has_account}}
{{^has_account}}
{{shop_name}} {{app_name}}-এ আপনার জন্য একটি কর্মী অ্যাকাউন্ট খুলেছে। প্রথমবার সাইন ইন করার সময় এই ইমেইল ঠিকানা দিয়ে “পাসওয়ার্ড ভুলে গেছি” বেছে নিয়ে আপনার পাসওয়ার্ড দিন।

সাইন ইন করুন: {{app_url}}/seller/login
{{/has_account}}$m$),

('webhook_endpoint_disabled', '{{shop_name}}-এর একটি ওয়েবহুক এন্ডপয়েন্ট বন্ধ করা হয়েছে', '{{failing_since}} থেকে এটি কাজ করছে না।',
$m$<p style="{{style.p}}">{{failing_since}} থেকে <strong>{{shop_name}}</strong>-এর একটি ওয়েবহুক এন্ডপয়েন্টে কিছুই পৌঁছানো যায়নি। এটি বন্ধ করা হয়েছে, এবং এতে আর ইভেন্ট পাঠানো হচ্ছে না।</p>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.facts}}">
<tr><td style="{{style.fact}}">এন্ডপয়েন্ট</td><td dir="ltr" style="{{style.value}}">{{endpoint_url}}</td></tr>
<tr><td style="{{style.fact}}">যখন থেকে অচল</td><td style="{{style.value}}">{{failing_since}}</td></tr>
<tr><td style="{{style.fact}}">শেষ ত্রুটি</td><td dir="ltr" style="{{style.value}}">{{last_error}}</td></tr>
</table>
<p style="{{style.p}}">এন্ডপয়েন্টটি ঠিক করুন, তারপর আবার চালু করুন। ডেলিভারির লগে দেখা যাবে কী বাদ পড়েছে, এবং সেখান থেকে আবার পাঠানো যাবে।</p>
<p style="{{style.action}}"><a href="{{app_url}}/seller/webhooks" style="{{colour.button}}">এন্ডপয়েন্টটি দেখুন</a></p>
$m$,
$m${{failing_since}} থেকে {{shop_name}}-এর একটি ওয়েবহুক এন্ডপয়েন্টে কিছুই পৌঁছানো যায়নি। এটি বন্ধ করা হয়েছে, এবং এতে আর ইভেন্ট পাঠানো হচ্ছে না।

এন্ডপয়েন্ট: {{endpoint_url}}
শেষ ত্রুটি: {{last_error}}

এন্ডপয়েন্টটি ঠিক করুন, তারপর আবার চালু করুন। ডেলিভারির লগে দেখা যাবে কী বাদ পড়েছে, এবং সেখান থেকে আবার পাঠানো যাবে।
এন্ডপয়েন্টটি দেখুন: {{app_url}}/seller/webhooks$m$)

) s (name, subject, preheader, html, text)
ON CONFLICT (name, locale) DO UPDATE SET subject = excluded.subject, preheader = excluded.preheader, html = excluded.html,
    text = excluded.text, shipped = excluded.shipped, updated_at = now()
WHERE k.shipped = md5(k.subject || k.preheader || k.html || k.text) AND k.shipped <> excluded.shipped;

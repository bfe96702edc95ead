-- sql/seed/mail_ar.sql
-- The mails in Arabic.  A row that an operator edited stays as he has it.
INSERT INTO qutecart.mail_templates AS k (locale, name, subject, preheader, html, text, shipped)
SELECT 'ar', s.*, md5(s.subject || s.preheader || s.html || s.text)
FROM (VALUES

('subscription_confirmation', 'مرحبًا بك في باقة {{plan_name}} 🎉', 'باقة {{plan_name}} لمتجر {{shop_name}} مفعّلة الآن.',
$m$<p style="{{style.p}}">شكرًا لاختيارك باقة <strong>{{plan_name}}</strong> لمتجر <strong>{{shop_name}}</strong>. كل ما تتضمنه الباقة متاح لك الآن.</p>
{{^trial_days.is_zero}}
<div style="{{colour.box}}">
<p style="{{style.strong}}">{{#trial_days.zero}}{{trial_days.n}} يوم مجانًا{{/trial_days.zero}}{{#trial_days.one}}يوم واحد مجانًا{{/trial_days.one}}{{#trial_days.two}}يومان مجانًا{{/trial_days.two}}{{#trial_days.few}}{{trial_days.n}} أيام مجانًا{{/trial_days.few}}{{#trial_days.many}}{{trial_days.n}} يومًا مجانًا{{/trial_days.many}}{{#trial_days.other}}{{trial_days.n}} يوم مجانًا{{/trial_days.other}}</p>
<p style="{{style.boxed}}">تستمر فترتك التجريبية حتى <strong>{{trial_ends_at}}</strong>. لن تدفع شيئًا قبل هذا التاريخ، ويمكنك الإلغاء في أي وقت.</p>
</div>
{{/trial_days.is_zero}}
{{#subdomain}}
<div style="{{colour.box}}">
<p style="{{style.strong}}">واجهة متجرك الخاصة</p>
<p style="{{style.boxed}}">لمتجرك عنوان خاص به: <strong dir="ltr">{{subdomain}}</strong></p>
</div>
{{/subdomain}}
<h2 style="{{style.h2}}">ما تتضمنه باقتك</h2>
<ul style="{{style.ul}}">
<li style="{{style.li}}">{{#products_limit.is_unlimited}}منتجات غير محدودة{{/products_limit.is_unlimited}}{{^products_limit.is_unlimited}}{{#products_limit.zero}}{{products_limit.n}} منتج{{/products_limit.zero}}{{#products_limit.one}}منتج واحد{{/products_limit.one}}{{#products_limit.two}}منتجان{{/products_limit.two}}{{#products_limit.few}}{{products_limit.n}} منتجات{{/products_limit.few}}{{#products_limit.many}}{{products_limit.n}} منتجًا{{/products_limit.many}}{{#products_limit.other}}{{products_limit.n}} منتج{{/products_limit.other}}{{/products_limit.is_unlimited}}</li>
<li style="{{style.li}}">{{#orders_per_month.is_unlimited}}طلبات غير محدودة{{/orders_per_month.is_unlimited}}{{^orders_per_month.is_unlimited}}{{#orders_per_month.zero}}{{orders_per_month.n}} طلب شهريًا{{/orders_per_month.zero}}{{#orders_per_month.one}}طلب واحد شهريًا{{/orders_per_month.one}}{{#orders_per_month.two}}طلبان شهريًا{{/orders_per_month.two}}{{#orders_per_month.few}}{{orders_per_month.n}} طلبات شهريًا{{/orders_per_month.few}}{{#orders_per_month.many}}{{orders_per_month.n}} طلبًا شهريًا{{/orders_per_month.many}}{{#orders_per_month.other}}{{orders_per_month.n}} طلب شهريًا{{/orders_per_month.other}}{{/orders_per_month.is_unlimited}}</li>
<li style="{{style.li}}">{{#storage_mb.is_unlimited}}مساحة تخزين غير محدودة{{/storage_mb.is_unlimited}}{{^storage_mb.is_unlimited}}{{storage_mb.n}} ميغابايت من مساحة التخزين{{/storage_mb.is_unlimited}}</li>
<li style="{{style.li}}">{{#staff_accounts.is_unlimited}}حسابات موظفين غير محدودة{{/staff_accounts.is_unlimited}}{{^staff_accounts.is_unlimited}}{{#staff_accounts.zero}}{{staff_accounts.n}} حساب موظف{{/staff_accounts.zero}}{{#staff_accounts.one}}حساب موظف واحد{{/staff_accounts.one}}{{#staff_accounts.two}}حسابا موظفين{{/staff_accounts.two}}{{#staff_accounts.few}}{{staff_accounts.n}} حسابات موظفين{{/staff_accounts.few}}{{#staff_accounts.many}}{{staff_accounts.n}} حساب موظف{{/staff_accounts.many}}{{#staff_accounts.other}}{{staff_accounts.n}} حساب موظف{{/staff_accounts.other}}{{/staff_accounts.is_unlimited}}</li>
{{#subdomain}}
<li style="{{style.li}}">واجهة متجر بعنوان خاص بك</li>
<li style="{{style.li}}">يرى عملاؤك هناك متجرك وحده</li>
{{/subdomain}}
{{#has_priority_support}}
<li style="{{style.li}}">دعم ذو أولوية</li>
{{/has_priority_support}}
</ul>
{{#subdomain}}
<p style="{{style.action}}"><a href="https://{{subdomain}}" style="{{colour.button}}">زيارة المتجر</a></p>
{{/subdomain}}
<p style="{{style.p}}">للبدء، أضف منتجاتك أو انقلها من متجر آخر بملف استيراد. إذا كان لديك سؤال، <a href="{{contact_url}}" style="{{style.link}}">راسلنا</a>.</p>
$m$,
$m$شكرًا لاختيارك باقة {{plan_name}} لمتجر {{shop_name}}. كل ما تتضمنه الباقة متاح لك الآن.
{{^trial_days.is_zero}}

{{#trial_days.zero}}{{trial_days.n}} يوم مجانًا{{/trial_days.zero}}{{#trial_days.one}}يوم واحد مجانًا{{/trial_days.one}}{{#trial_days.two}}يومان مجانًا{{/trial_days.two}}{{#trial_days.few}}{{trial_days.n}} أيام مجانًا{{/trial_days.few}}{{#trial_days.many}}{{trial_days.n}} يومًا مجانًا{{/trial_days.many}}{{#trial_days.other}}{{trial_days.n}} يوم مجانًا{{/trial_days.other}}
تستمر فترتك التجريبية حتى {{trial_ends_at}}. لن تدفع شيئًا قبل هذا التاريخ، ويمكنك الإلغاء في أي وقت.
{{/trial_days.is_zero}}
{{#subdomain}}

واجهة متجرك الخاصة: https://{{subdomain}}
{{/subdomain}}

ما تتضمنه باقتك:
- {{#products_limit.is_unlimited}}منتجات غير محدودة{{/products_limit.is_unlimited}}{{^products_limit.is_unlimited}}{{#products_limit.zero}}{{products_limit.n}} منتج{{/products_limit.zero}}{{#products_limit.one}}منتج واحد{{/products_limit.one}}{{#products_limit.two}}منتجان{{/products_limit.two}}{{#products_limit.few}}{{products_limit.n}} منتجات{{/products_limit.few}}{{#products_limit.many}}{{products_limit.n}} منتجًا{{/products_limit.many}}{{#products_limit.other}}{{products_limit.n}} منتج{{/products_limit.other}}{{/products_limit.is_unlimited}}
- {{#orders_per_month.is_unlimited}}طلبات غير محدودة{{/orders_per_month.is_unlimited}}{{^orders_per_month.is_unlimited}}{{#orders_per_month.zero}}{{orders_per_month.n}} طلب شهريًا{{/orders_per_month.zero}}{{#orders_per_month.one}}طلب واحد شهريًا{{/orders_per_month.one}}{{#orders_per_month.two}}طلبان شهريًا{{/orders_per_month.two}}{{#orders_per_month.few}}{{orders_per_month.n}} طلبات شهريًا{{/orders_per_month.few}}{{#orders_per_month.many}}{{orders_per_month.n}} طلبًا شهريًا{{/orders_per_month.many}}{{#orders_per_month.other}}{{orders_per_month.n}} طلب شهريًا{{/orders_per_month.other}}{{/orders_per_month.is_unlimited}}
- {{#storage_mb.is_unlimited}}مساحة تخزين غير محدودة{{/storage_mb.is_unlimited}}{{^storage_mb.is_unlimited}}{{storage_mb.n}} ميغابايت من مساحة التخزين{{/storage_mb.is_unlimited}}
- {{#staff_accounts.is_unlimited}}حسابات موظفين غير محدودة{{/staff_accounts.is_unlimited}}{{^staff_accounts.is_unlimited}}{{#staff_accounts.zero}}{{staff_accounts.n}} حساب موظف{{/staff_accounts.zero}}{{#staff_accounts.one}}حساب موظف واحد{{/staff_accounts.one}}{{#staff_accounts.two}}حسابا موظفين{{/staff_accounts.two}}{{#staff_accounts.few}}{{staff_accounts.n}} حسابات موظفين{{/staff_accounts.few}}{{#staff_accounts.many}}{{staff_accounts.n}} حساب موظف{{/staff_accounts.many}}{{#staff_accounts.other}}{{staff_accounts.n}} حساب موظف{{/staff_accounts.other}}{{/staff_accounts.is_unlimited}}
{{#subdomain}}
- واجهة متجر بعنوان خاص بك
- يرى عملاؤك هناك متجرك وحده
{{/subdomain}}
{{#has_priority_support}}
- دعم ذو أولوية
{{/has_priority_support}}

للبدء، أضف منتجاتك أو انقلها من متجر آخر بملف استيراد. إذا كان لديك سؤال، راسلنا: {{contact_url}}$m$),

('payment_failed', 'تعذّر الدفع - يلزم اتخاذ إجراء', 'لم نتمكن من تحصيل {{amount}} لمتجر {{shop_name}}.',
$m$<p style="{{style.p}}">لم نتمكن من تحصيل دفعة باقة <strong>{{plan_name}}</strong> لمتجر <strong>{{shop_name}}</strong>.</p>
{{#is_urgent}}
<div style="{{colour.box}}">
<p style="{{style.strong}}">عاجل: كانت هذه المحاولة رقم {{attempt.n}}</p>
<p style="{{style.boxed}}">إذا لم تصل الدفعة، فسينتقل متجرك إلى حدود الباقة المجانية.</p>
</div>
{{/is_urgent}}
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.facts}}">
<tr><td style="{{style.fact}}">المبلغ</td><td style="{{style.value}}">{{amount}} {{currency}}</td></tr>
<tr><td style="{{style.fact}}">المحاولة</td><td style="{{style.value}}">{{attempt.n}}</td></tr>
{{#next_attempt_at}}
<tr><td style="{{style.fact}}">المحاولة التالية</td><td style="{{style.value}}">{{next_attempt_at}}</td></tr>
{{/next_attempt_at}}
</table>
<p style="{{style.action}}"><a href="{{billing_url}}" style="{{colour.button}}">تحديث طريقة الدفع</a></p>
<h2 style="{{style.h2}}">أسباب شائعة</h2>
<ul style="{{style.ul}}">
<li style="{{style.li}}">انتهت صلاحية البطاقة.</li>
<li style="{{style.li}}">الرصيد في الحساب غير كافٍ.</li>
<li style="{{style.li}}">رفض البنك العملية لأسباب أمنية.</li>
<li style="{{style.li}}">تغيّرت بيانات الفوترة.</li>
</ul>
<h2 style="{{style.h2}}">ما الذي عليك فعله الآن</h2>
<ol style="{{style.ul}}">
<li style="{{style.li}}">افتح صفحة الفوترة.</li>
<li style="{{style.li}}">تحقق من البطاقة أو أضف بطاقة أخرى.</li>
<li style="{{style.li}}">اسأل البنك إذا كانت البطاقة سليمة.</li>
<li style="{{style.li}}">ستُعاد محاولة الدفع بعد ذلك تلقائيًا.</li>
</ol>
$m$,
$m$لم نتمكن من تحصيل دفعة باقة {{plan_name}} لمتجر {{shop_name}}.
{{#is_urgent}}

عاجل: كانت هذه المحاولة رقم {{attempt.n}} – إذا لم تصل الدفعة، فسينتقل متجرك إلى حدود الباقة المجانية.
{{/is_urgent}}

المبلغ: {{amount}} {{currency}}
المحاولة: {{attempt.n}}
{{#next_attempt_at}}
المحاولة التالية: {{next_attempt_at}}
{{/next_attempt_at}}

تحديث طريقة الدفع: {{billing_url}}

أسباب شائعة:
- انتهت صلاحية البطاقة.
- الرصيد في الحساب غير كافٍ.
- رفض البنك العملية لأسباب أمنية.
- تغيّرت بيانات الفوترة.

ما الذي عليك فعله الآن:
1. افتح صفحة الفوترة.
2. تحقق من البطاقة أو أضف بطاقة أخرى.
3. اسأل البنك إذا كانت البطاقة سليمة.
4. ستُعاد محاولة الدفع بعد ذلك تلقائيًا.$m$),

('trial_ending', '{{#days_left.zero}}تنتهي فترتك التجريبية خلال {{days_left.n}} يوم{{/days_left.zero}}{{#days_left.one}}تنتهي فترتك التجريبية خلال يوم واحد{{/days_left.one}}{{#days_left.two}}تنتهي فترتك التجريبية خلال يومين{{/days_left.two}}{{#days_left.few}}تنتهي فترتك التجريبية خلال {{days_left.n}} أيام{{/days_left.few}}{{#days_left.many}}تنتهي فترتك التجريبية خلال {{days_left.n}} يومًا{{/days_left.many}}{{#days_left.other}}تنتهي فترتك التجريبية خلال {{days_left.n}} يوم{{/days_left.other}}', 'تنتهي الفترة التجريبية لباقة {{plan_name}} لمتجر {{shop_name}} في {{trial_ends_at}}.',
$m$<p style="{{style.p}}">تقترب الفترة التجريبية لباقة <strong>{{plan_name}}</strong> لمتجر <strong>{{shop_name}}</strong> من نهايتها.</p>
<div style="{{colour.box}}">
<p style="{{colour.figure}}">{{days_left.n}}</p>
<p style="{{colour.unit}}">{{#days_left.zero}}يوم متبقٍّ، حتى {{trial_ends_at}}{{/days_left.zero}}{{#days_left.one}}يوم متبقٍّ، حتى {{trial_ends_at}}{{/days_left.one}}{{#days_left.two}}يومان متبقيان، حتى {{trial_ends_at}}{{/days_left.two}}{{#days_left.few}}أيام متبقية، حتى {{trial_ends_at}}{{/days_left.few}}{{#days_left.many}}يومًا متبقيًا، حتى {{trial_ends_at}}{{/days_left.many}}{{#days_left.other}}يوم متبقٍّ، حتى {{trial_ends_at}}{{/days_left.other}}</p>
</div>
<h2 style="{{style.h2}}">ما الذي يحدث بعد ذلك</h2>
<p style="{{style.p}}">في {{trial_ends_at}} تستمر الباقة تلقائيًا مقابل <strong>{{#is_yearly}}{{price}} سنويًا{{/is_yearly}}{{^is_yearly}}{{price}} شهريًا{{/is_yearly}}</strong> تُحصَّل بطريقة الدفع الخاصة بك. وتحتفظ بما يلي:</p>
<ul style="{{style.ul}}">
<li style="{{style.li}}">جميع منتجاتك وطلباتك</li>
<li style="{{style.li}}">حدود باقة {{plan_name}}</li>
<li style="{{style.li}}">العنوان الخاص بواجهة متجرك</li>
<li style="{{style.li}}">وصول موظفيك</li>
<li style="{{style.li}}">جميع المزايا التي تستخدمها الآن</li>
</ul>
<p style="{{style.action}}"><a href="{{billing_url}}" style="{{colour.button}}">إدارة الفوترة</a></p>
<p style="{{style.p}}">إذا كنت لا ترغب في الاستمرار، فألغِ الاشتراك قبل {{trial_ends_at}}. عندها ينتقل متجرك إلى الباقة المجانية، ولا يُحذف شيء.</p>
$m$,
$m$تقترب الفترة التجريبية لباقة {{plan_name}} لمتجر {{shop_name}} من نهايتها.

{{days_left.n}} {{#days_left.zero}}يوم متبقٍّ، حتى {{trial_ends_at}}{{/days_left.zero}}{{#days_left.one}}يوم متبقٍّ، حتى {{trial_ends_at}}{{/days_left.one}}{{#days_left.two}}يومان متبقيان، حتى {{trial_ends_at}}{{/days_left.two}}{{#days_left.few}}أيام متبقية، حتى {{trial_ends_at}}{{/days_left.few}}{{#days_left.many}}يومًا متبقيًا، حتى {{trial_ends_at}}{{/days_left.many}}{{#days_left.other}}يوم متبقٍّ، حتى {{trial_ends_at}}{{/days_left.other}}

ما الذي يحدث بعد ذلك:
في {{trial_ends_at}} تستمر الباقة تلقائيًا مقابل {{#is_yearly}}{{price}} سنويًا{{/is_yearly}}{{^is_yearly}}{{price}} شهريًا{{/is_yearly}} تُحصَّل بطريقة الدفع الخاصة بك. وتحتفظ بما يلي:
- جميع منتجاتك وطلباتك
- حدود باقة {{plan_name}}
- العنوان الخاص بواجهة متجرك
- وصول موظفيك
- جميع المزايا التي تستخدمها الآن

إدارة الفوترة: {{billing_url}}

إذا كنت لا ترغب في الاستمرار، فألغِ الاشتراك قبل {{trial_ends_at}}. عندها ينتقل متجرك إلى الباقة المجانية، ولا يُحذف شيء.$m$),

('limit_warning', '{{#is_reached}}{{#limit_type.products}}تم بلوغ حد المنتجات{{/limit_type.products}}{{#limit_type.orders}}تم بلوغ حد الطلبات{{/limit_type.orders}}{{#limit_type.storage}}تم بلوغ حد مساحة التخزين{{/limit_type.storage}}{{#limit_type.staff}}تم بلوغ حد الموظفين{{/limit_type.staff}}{{/is_reached}}{{^is_reached}}{{#limit_type.products}}اقتراب من حد المنتجات{{/limit_type.products}}{{#limit_type.orders}}اقتراب من حد الطلبات{{/limit_type.orders}}{{#limit_type.storage}}اقتراب من حد مساحة التخزين{{/limit_type.storage}}{{#limit_type.staff}}اقتراب من حد الموظفين{{/limit_type.staff}}{{/is_reached}}', 'استخدم متجر {{shop_name}} نسبة {{percent.n}} مما تتضمنه باقة {{plan_name}}.',
$m${{#is_reached}}
<p style="{{style.p}}">بلغ متجر <strong>{{shop_name}}</strong> أحد حدود باقة <strong>{{plan_name}}</strong>.</p>
{{/is_reached}}
{{^is_reached}}
<p style="{{style.p}}">يقترب متجر <strong>{{shop_name}}</strong> من أحد حدود باقة <strong>{{plan_name}}</strong>.</p>
{{/is_reached}}
<div style="{{colour.box}}">
<p style="{{colour.figure}}">{{percent.n}}</p>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.bar}}"><tr><td width="{{percent.bar}}%" style="{{colour.bar}}">&nbsp;</td><td style="{{style.rest}}">&nbsp;</td></tr></table>
<p style="{{colour.unit}}">{{current.n}} من {{limit.n}} {{#limit_type.products}}من المنتجات{{/limit_type.products}}{{#limit_type.orders}}من الطلبات هذا الشهر{{/limit_type.orders}}{{#limit_type.storage}}ميغابايت{{/limit_type.storage}}{{#limit_type.staff}}من حسابات الموظفين{{/limit_type.staff}}</p>
</div>
<h2 style="{{style.h2}}">{{#is_reached}}ماذا يعني هذا الآن{{/is_reached}}{{^is_reached}}ماذا يحدث عند 100%{{/is_reached}}</h2>
<ul style="{{style.ul}}">
<li style="{{style.li}}">{{#limit_type.products}}لا يمكن إضافة منتج آخر.{{/limit_type.products}}{{#limit_type.orders}}تُرفض الطلبات الأخرى من عملائك حتى بداية الشهر التالي.{{/limit_type.orders}}{{#limit_type.storage}}لا يمكن رفع ملف آخر.{{/limit_type.storage}}{{#limit_type.staff}}لا يمكن إضافة حساب موظف آخر.{{/limit_type.staff}}</li>
<li style="{{style.li}}">يبقى ما هو موجود، ويمكن تعديله كما كان.</li>
<li style="{{style.li}}">لا يُحذف شيء ولا يُخفى.</li>
</ul>
<p style="{{style.p}}">تتضمن الباقات الأكبر المزيد من كل شيء: منتجات وطلبات ومساحة تخزين وموظفون.</p>
<p style="{{style.action}}"><a href="{{plans_url}}" style="{{colour.button}}">عرض خيارات الترقية</a></p>
$m$,
$m${{#is_reached}}
بلغ متجر {{shop_name}} أحد حدود باقة {{plan_name}}.
{{/is_reached}}
{{^is_reached}}
يقترب متجر {{shop_name}} من أحد حدود باقة {{plan_name}}.
{{/is_reached}}

{{percent.n}}: {{current.n}} من {{limit.n}} {{#limit_type.products}}من المنتجات{{/limit_type.products}}{{#limit_type.orders}}من الطلبات هذا الشهر{{/limit_type.orders}}{{#limit_type.storage}}ميغابايت{{/limit_type.storage}}{{#limit_type.staff}}من حسابات الموظفين{{/limit_type.staff}}

{{#is_reached}}ماذا يعني هذا الآن:{{/is_reached}}{{^is_reached}}ماذا يحدث عند 100%:{{/is_reached}}
- {{#limit_type.products}}لا يمكن إضافة منتج آخر.{{/limit_type.products}}{{#limit_type.orders}}تُرفض الطلبات الأخرى من عملائك حتى بداية الشهر التالي.{{/limit_type.orders}}{{#limit_type.storage}}لا يمكن رفع ملف آخر.{{/limit_type.storage}}{{#limit_type.staff}}لا يمكن إضافة حساب موظف آخر.{{/limit_type.staff}}
- يبقى ما هو موجود، ويمكن تعديله كما كان.
- لا يُحذف شيء ولا يُخفى.

تتضمن الباقات الأكبر المزيد من كل شيء: منتجات وطلبات ومساحة تخزين وموظفون.
عرض خيارات الترقية: {{plans_url}}$m$),

('order_limit_reached', 'تم بلوغ حد الطلبات', 'تلقى متجر {{shop_name}} جميع طلبات هذا الشهر وعددها {{limit.n}}.',
$m$<p style="{{style.p}}">تلقى متجر <strong>{{shop_name}}</strong> جميع الطلبات التي تتضمنها باقة <strong>{{plan_name}}</strong> هذا الشهر.</p>
<div style="{{colour.box}}">
<p style="{{colour.figure}}">{{limit.n}}</p>
<p style="{{colour.unit}}">{{#limit.zero}}طلب هذا الشهر{{/limit.zero}}{{#limit.one}}طلب هذا الشهر{{/limit.one}}{{#limit.two}}طلبان هذا الشهر{{/limit.two}}{{#limit.few}}طلبات هذا الشهر{{/limit.few}}{{#limit.many}}طلبًا هذا الشهر{{/limit.many}}{{#limit.other}}طلب هذا الشهر{{/limit.other}}</p>
</div>
<p style="{{style.p}}"><strong>تُرفض الطلبات الأخرى من عملائك حتى {{resets_at}}.</strong> ومع باقة أكبر تُقبل من جديد فورًا.</p>
<p style="{{style.action}}"><a href="{{plans_url}}" style="{{colour.button}}">عرض خيارات الترقية</a></p>
$m$,
$m$تلقى متجر {{shop_name}} جميع الطلبات التي تتضمنها باقة {{plan_name}} هذا الشهر. ({{limit.n}})

تُرفض الطلبات الأخرى من عملائك حتى {{resets_at}}. ومع باقة أكبر تُقبل من جديد فورًا.

عرض خيارات الترقية: {{plans_url}}$m$),

('usage_report', '{{shop_name}} في {{month}}', 'ما استخدمه متجرك من باقة {{plan_name}}.',
$m$<p style="{{style.p}}">هذا ما استخدمه متجر <strong>{{shop_name}}</strong> من باقة <strong>{{plan_name}}</strong> في {{month}}:</p>
{{#usage}}
<p style="{{style.strong}}">{{#metric.products}}المنتجات{{/metric.products}}{{#metric.orders}}الطلبات{{/metric.orders}}{{#metric.storage}}مساحة التخزين{{/metric.storage}}{{#metric.staff}}حسابات الموظفين{{/metric.staff}}</p>
<p style="{{style.boxed}}">{{#limit.is_unlimited}}{{used.n}}{{#metric.storage}} ميغابايت{{/metric.storage}}، غير محدود{{/limit.is_unlimited}}{{^limit.is_unlimited}}{{used.n}}{{#metric.storage}} ميغابايت{{/metric.storage}} من {{limit.n}}{{#metric.storage}} ميغابايت{{/metric.storage}} ({{percent.n}}){{/limit.is_unlimited}}</p>
{{^limit.is_unlimited}}
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.bar}}"><tr><td width="{{percent.bar}}%" style="{{colour.bar}}">&nbsp;</td><td style="{{style.rest}}">&nbsp;</td></tr></table>
{{/limit.is_unlimited}}
{{/usage}}
<p style="{{style.action}}"><a href="{{plans_url}}" style="{{colour.button}}">مقارنة الباقات</a></p>
$m$,
$m$هذا ما استخدمه متجر {{shop_name}} من باقة {{plan_name}} في {{month}}:

{{#usage}}
- {{#metric.products}}المنتجات{{/metric.products}}{{#metric.orders}}الطلبات{{/metric.orders}}{{#metric.storage}}مساحة التخزين{{/metric.storage}}{{#metric.staff}}حسابات الموظفين{{/metric.staff}}: {{#limit.is_unlimited}}{{used.n}}{{#metric.storage}} ميغابايت{{/metric.storage}}، غير محدود{{/limit.is_unlimited}}{{^limit.is_unlimited}}{{used.n}}{{#metric.storage}} ميغابايت{{/metric.storage}} من {{limit.n}}{{#metric.storage}} ميغابايت{{/metric.storage}} ({{percent.n}}){{/limit.is_unlimited}}
{{/usage}}

مقارنة الباقات: {{plans_url}}$m$),

('subscription_upgraded', 'أنت الآن على باقة {{plan_name}}', 'انتقل متجر {{shop_name}} من {{previous_plan_name}} إلى {{plan_name}}.',
$m$<p style="{{style.p}}">انتقل متجر <strong>{{shop_name}}</strong> من باقة {{previous_plan_name}} إلى <strong>{{plan_name}}</strong>. تسري الحدود الجديدة من الآن.</p>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.facts}}">
<tr><td style="{{style.fact}}">السعر</td><td style="{{style.value}}">{{#is_yearly}}{{price}} سنويًا{{/is_yearly}}{{^is_yearly}}{{price}} شهريًا{{/is_yearly}}</td></tr>
<tr><td style="{{style.fact}}">المنتجات</td><td style="{{style.value}}">{{#products_limit.is_unlimited}}غير محدود{{/products_limit.is_unlimited}}{{^products_limit.is_unlimited}}{{products_limit.n}}{{/products_limit.is_unlimited}}</td></tr>
<tr><td style="{{style.fact}}">الطلبات شهريًا</td><td style="{{style.value}}">{{#orders_per_month.is_unlimited}}غير محدود{{/orders_per_month.is_unlimited}}{{^orders_per_month.is_unlimited}}{{orders_per_month.n}}{{/orders_per_month.is_unlimited}}</td></tr>
<tr><td style="{{style.fact}}">مساحة التخزين</td><td style="{{style.value}}">{{#storage_mb.is_unlimited}}غير محدود{{/storage_mb.is_unlimited}}{{^storage_mb.is_unlimited}}{{storage_mb.n}} ميغابايت{{/storage_mb.is_unlimited}}</td></tr>
<tr><td style="{{style.fact}}">حسابات الموظفين</td><td style="{{style.value}}">{{#staff_accounts.is_unlimited}}غير محدود{{/staff_accounts.is_unlimited}}{{^staff_accounts.is_unlimited}}{{staff_accounts.n}}{{/staff_accounts.is_unlimited}}</td></tr>
</table>
<p style="{{style.p}}">ما تبقى من دفعة باقة {{previous_plan_name}} يُحتسب للباقة الجديدة.</p>
<p style="{{style.action}}"><a href="{{billing_url}}" style="{{colour.button}}">إدارة الفوترة</a></p>
$m$,
$m$انتقل متجر {{shop_name}} من باقة {{previous_plan_name}} إلى {{plan_name}}. تسري الحدود الجديدة من الآن.

السعر: {{#is_yearly}}{{price}} سنويًا{{/is_yearly}}{{^is_yearly}}{{price}} شهريًا{{/is_yearly}}
المنتجات: {{#products_limit.is_unlimited}}غير محدود{{/products_limit.is_unlimited}}{{^products_limit.is_unlimited}}{{products_limit.n}}{{/products_limit.is_unlimited}}
الطلبات شهريًا: {{#orders_per_month.is_unlimited}}غير محدود{{/orders_per_month.is_unlimited}}{{^orders_per_month.is_unlimited}}{{orders_per_month.n}}{{/orders_per_month.is_unlimited}}
مساحة التخزين: {{#storage_mb.is_unlimited}}غير محدود{{/storage_mb.is_unlimited}}{{^storage_mb.is_unlimited}}{{storage_mb.n}} ميغابايت{{/storage_mb.is_unlimited}}
حسابات الموظفين: {{#staff_accounts.is_unlimited}}غير محدود{{/staff_accounts.is_unlimited}}{{^staff_accounts.is_unlimited}}{{staff_accounts.n}}{{/staff_accounts.is_unlimited}}

ما تبقى من دفعة باقة {{previous_plan_name}} يُحتسب للباقة الجديدة.

إدارة الفوترة: {{billing_url}}$m$),

('downgrade_scheduled', 'تتغير باقتك إلى {{next_plan_name}} في {{starts_at}}', 'حتى ذلك الحين يحتفظ متجر {{shop_name}} بكل ما تتضمنه باقة {{plan_name}}.',
$m$<p style="{{style.p}}">في <strong>{{starts_at}}</strong> ينتقل متجر <strong>{{shop_name}}</strong> من {{plan_name}} إلى باقة <strong>{{next_plan_name}}</strong>. وحتى ذلك الحين تحتفظ بكل ما لديك.</p>
<h2 style="{{style.h2}}">ما تتضمنه باقة {{next_plan_name}}</h2>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.facts}}">
<tr><td style="{{style.fact}}">المنتجات</td><td style="{{style.value}}">{{#next_products_limit.is_unlimited}}غير محدود{{/next_products_limit.is_unlimited}}{{^next_products_limit.is_unlimited}}{{next_products_limit.n}}{{/next_products_limit.is_unlimited}}</td></tr>
<tr><td style="{{style.fact}}">الطلبات شهريًا</td><td style="{{style.value}}">{{#next_orders_per_month.is_unlimited}}غير محدود{{/next_orders_per_month.is_unlimited}}{{^next_orders_per_month.is_unlimited}}{{next_orders_per_month.n}}{{/next_orders_per_month.is_unlimited}}</td></tr>
<tr><td style="{{style.fact}}">مساحة التخزين</td><td style="{{style.value}}">{{#next_storage_mb.is_unlimited}}غير محدود{{/next_storage_mb.is_unlimited}}{{^next_storage_mb.is_unlimited}}{{next_storage_mb.n}} ميغابايت{{/next_storage_mb.is_unlimited}}</td></tr>
<tr><td style="{{style.fact}}">حسابات الموظفين</td><td style="{{style.value}}">{{#next_staff_accounts.is_unlimited}}غير محدود{{/next_staff_accounts.is_unlimited}}{{^next_staff_accounts.is_unlimited}}{{next_staff_accounts.n}}{{/next_staff_accounts.is_unlimited}}</td></tr>
</table>
<p style="{{style.p}}">ما يتجاوز هذه الحدود يبقى ويمكن تعديله، ولكن لا يمكن إضافة جديد حتى تتوفر مساحة. لا يُحذف شيء.</p>
<p style="{{style.action}}"><a href="{{plans_url}}" style="{{colour.button}}">التراجع عن التغيير</a></p>
$m$,
$m$في {{starts_at}} ينتقل متجر {{shop_name}} من {{plan_name}} إلى باقة {{next_plan_name}}. وحتى ذلك الحين تحتفظ بكل ما لديك.

ما تتضمنه باقة {{next_plan_name}}:
- المنتجات: {{#next_products_limit.is_unlimited}}غير محدود{{/next_products_limit.is_unlimited}}{{^next_products_limit.is_unlimited}}{{next_products_limit.n}}{{/next_products_limit.is_unlimited}}
- الطلبات شهريًا: {{#next_orders_per_month.is_unlimited}}غير محدود{{/next_orders_per_month.is_unlimited}}{{^next_orders_per_month.is_unlimited}}{{next_orders_per_month.n}}{{/next_orders_per_month.is_unlimited}}
- مساحة التخزين: {{#next_storage_mb.is_unlimited}}غير محدود{{/next_storage_mb.is_unlimited}}{{^next_storage_mb.is_unlimited}}{{next_storage_mb.n}} ميغابايت{{/next_storage_mb.is_unlimited}}
- حسابات الموظفين: {{#next_staff_accounts.is_unlimited}}غير محدود{{/next_staff_accounts.is_unlimited}}{{^next_staff_accounts.is_unlimited}}{{next_staff_accounts.n}}{{/next_staff_accounts.is_unlimited}}

ما يتجاوز هذه الحدود يبقى ويمكن تعديله، ولكن لا يمكن إضافة جديد حتى تتوفر مساحة. لا يُحذف شيء.

التراجع عن التغيير: {{plans_url}}$m$),

('subscription_canceled', '{{#ends_at}}اشتراكك في {{ended_plan_name}} سينتهي{{/ends_at}}{{^ends_at}}انتهى اشتراكك في {{ended_plan_name}}{{/ends_at}}', 'ما الذي يحدث لمتجر {{shop_name}} الآن.',
$m${{#ends_at}}
<p style="{{style.p}}">أُلغي اشتراك <strong>{{ended_plan_name}}</strong> لمتجر <strong>{{shop_name}}</strong> وينتهي في <strong>{{ends_at}}</strong>. وحتى ذلك الحين تحتفظ بكل ما يتضمنه، ويمكنك استئنافه في أي وقت.</p>
{{/ends_at}}
{{^ends_at}}
<p style="{{style.p}}">انتهى اشتراك <strong>{{ended_plan_name}}</strong> لمتجر <strong>{{shop_name}}</strong>. متجرك الآن على الباقة المجانية.</p>
{{/ends_at}}
<ul style="{{style.ul}}">
<li style="{{style.li}}">يبقى متجرك في السوق بحدود الباقة المجانية.</li>
<li style="{{style.li}}">لا يُحذف شيء: تبقى المنتجات والطلبات والملفات.</li>
<li style="{{style.li}}">يُحفظ لك العنوان الخاص بمتجرك لمدة 30 يومًا.</li>
</ul>
<p style="{{style.action}}"><a href="{{plans_url}}" style="{{colour.button}}">{{#ends_at}}الاحتفاظ بالباقة{{/ends_at}}{{^ends_at}}اختيار باقة{{/ends_at}}</a></p>
$m$,
$m${{#ends_at}}
أُلغي اشتراك {{ended_plan_name}} لمتجر {{shop_name}} وينتهي في {{ends_at}}. وحتى ذلك الحين تحتفظ بكل ما يتضمنه، ويمكنك استئنافه في أي وقت.
{{/ends_at}}
{{^ends_at}}
انتهى اشتراك {{ended_plan_name}} لمتجر {{shop_name}}. متجرك الآن على الباقة المجانية.
{{/ends_at}}

- يبقى متجرك في السوق بحدود الباقة المجانية.
- لا يُحذف شيء: تبقى المنتجات والطلبات والملفات.
- يُحفظ لك العنوان الخاص بمتجرك لمدة 30 يومًا.

{{#ends_at}}الاحتفاظ بالباقة{{/ends_at}}{{^ends_at}}اختيار باقة{{/ends_at}}: {{plans_url}}$m$),

('payment_succeeded', 'استلمنا دفعتك بمبلغ {{amount}}', 'شكرًا لك: {{amount}} لمتجر {{shop_name}}.',
$m$<p style="{{style.p}}">شكرًا لك. وصلت دفعة باقة <strong>{{plan_name}}</strong> لمتجر <strong>{{shop_name}}</strong>.</p>
<div style="{{colour.box}}">
<p style="{{colour.figure}}">{{amount}}</p>
<p style="{{colour.unit}}">{{currency}}</p>
</div>
{{#invoice_url}}
<p style="{{style.action}}"><a href="{{invoice_url}}" style="{{colour.button}}">عرض الفاتورة</a></p>
{{/invoice_url}}
<p style="{{style.p}}">جميع فواتيرك موجودة في <a href="{{billing_url}}" style="{{style.link}}">صفحة الفوترة</a>.</p>
$m$,
$m$شكرًا لك. وصلت دفعة باقة {{plan_name}} لمتجر {{shop_name}}. {{amount}} {{currency}}
{{#invoice_url}}

عرض الفاتورة: {{invoice_url}}
{{/invoice_url}}

جميع فواتيرك موجودة في صفحة الفوترة: {{billing_url}}$m$),

('welcome', 'مرحبًا بك في {{app_name}}', 'يسعدنا انضمامك إلينا.',
$m${{#is_seller}}
{{#is_under_review}}
<p style="{{style.p}}">تم تسجيل متجرك <strong>{{shop_name}}</strong> على {{app_name}}. سنراجعه قبل أن يُفتح، وبعد ذلك يمكنك تسجيل الدخول.</p>
{{/is_under_review}}
{{^is_under_review}}
<p style="{{style.p}}">متجرك <strong>{{shop_name}}</strong> مفتوح على {{app_name}}. يبدأ بالباقة المجانية التي لا تكلف شيئًا.</p>
{{/is_under_review}}
<h2 style="{{style.h2}}">خطواتك الأولى</h2>
<ol style="{{style.ul}}">
<li style="{{style.li}}">أضف منتجاتك الأولى.</li>
<li style="{{style.li}}">حدد أوقات العمل والتوصيل.</li>
<li style="{{style.li}}">شارك متجرك مع عملائك.</li>
</ol>
<p style="{{style.action}}"><a href="{{app_url}}" style="{{colour.button}}">فتح المتجر</a></p>
{{/is_seller}}
{{^is_seller}}
<p style="{{style.p}}">حسابك على {{app_name}} جاهز. اكتشف المتاجر ومنتجاتها، واطلب في خطوات قليلة، وتابع طلباتك.</p>
<p style="{{style.action}}"><a href="{{app_url}}" style="{{colour.button}}">ابدأ التسوق</a></p>
{{/is_seller}}
<p style="{{style.p}}">إذا كان لديك سؤال، فاطلع على <a href="{{help_url}}" style="{{style.link}}">صفحات المساعدة</a> أو <a href="{{contact_url}}" style="{{style.link}}">راسلنا</a>.</p>
$m$,
$m${{#is_seller}}
{{#is_under_review}}
تم تسجيل متجرك {{shop_name}} على {{app_name}}. سنراجعه قبل أن يُفتح، وبعد ذلك يمكنك تسجيل الدخول.
{{/is_under_review}}
{{^is_under_review}}
متجرك {{shop_name}} مفتوح على {{app_name}}. يبدأ بالباقة المجانية التي لا تكلف شيئًا.
{{/is_under_review}}

خطواتك الأولى:
1. أضف منتجاتك الأولى.
2. حدد أوقات العمل والتوصيل.
3. شارك متجرك مع عملائك.

فتح المتجر: {{app_url}}
{{/is_seller}}
{{^is_seller}}
حسابك على {{app_name}} جاهز. اكتشف المتاجر ومنتجاتها، واطلب في خطوات قليلة، وتابع طلباتك.

ابدأ التسوق: {{app_url}}
{{/is_seller}}

إذا كان لديك سؤال، فاطلع على صفحات المساعدة ({{help_url}}) أو راسلنا ({{contact_url}}).$m$),

('verification_code', 'رمزك على {{app_name}}', '{{#minutes.zero}}الرمز صالح لمدة {{minutes.n}} دقيقة.{{/minutes.zero}}{{#minutes.one}}الرمز صالح لمدة دقيقة واحدة.{{/minutes.one}}{{#minutes.two}}الرمز صالح لمدة دقيقتين.{{/minutes.two}}{{#minutes.few}}الرمز صالح لمدة {{minutes.n}} دقائق.{{/minutes.few}}{{#minutes.many}}الرمز صالح لمدة {{minutes.n}} دقيقة.{{/minutes.many}}{{#minutes.other}}الرمز صالح لمدة {{minutes.n}} دقيقة.{{/minutes.other}}',
$m$<p style="{{style.p}}">أدخل هذا الرمز لتأكيد عنوانك:</p>
<p dir="ltr" style="{{style.code}}">{{code}}</p>
<p style="{{style.p}}">{{#minutes.zero}}الرمز صالح لمدة {{minutes.n}} دقيقة.{{/minutes.zero}}{{#minutes.one}}الرمز صالح لمدة دقيقة واحدة.{{/minutes.one}}{{#minutes.two}}الرمز صالح لمدة دقيقتين.{{/minutes.two}}{{#minutes.few}}الرمز صالح لمدة {{minutes.n}} دقائق.{{/minutes.few}}{{#minutes.many}}الرمز صالح لمدة {{minutes.n}} دقيقة.{{/minutes.many}}{{#minutes.other}}الرمز صالح لمدة {{minutes.n}} دقيقة.{{/minutes.other}} لا تعطه لأحد: نحن لا نطلبه أبدًا.</p>
<p style="{{style.p}}">إذا لم تطلب رمزًا، فلا يلزمك فعل شيء.</p>
$m$,
$m$أدخل هذا الرمز لتأكيد عنوانك: {{code}}

{{#minutes.zero}}الرمز صالح لمدة {{minutes.n}} دقيقة.{{/minutes.zero}}{{#minutes.one}}الرمز صالح لمدة دقيقة واحدة.{{/minutes.one}}{{#minutes.two}}الرمز صالح لمدة دقيقتين.{{/minutes.two}}{{#minutes.few}}الرمز صالح لمدة {{minutes.n}} دقائق.{{/minutes.few}}{{#minutes.many}}الرمز صالح لمدة {{minutes.n}} دقيقة.{{/minutes.many}}{{#minutes.other}}الرمز صالح لمدة {{minutes.n}} دقيقة.{{/minutes.other}} لا تعطه لأحد: نحن لا نطلبه أبدًا.

إذا لم تطلب رمزًا، فلا يلزمك فعل شيء.$m$),

('password_reset', 'إعادة تعيين كلمة المرور', '{{#minutes.zero}}الرمز صالح لمدة {{minutes.n}} دقيقة.{{/minutes.zero}}{{#minutes.one}}الرمز صالح لمدة دقيقة واحدة.{{/minutes.one}}{{#minutes.two}}الرمز صالح لمدة دقيقتين.{{/minutes.two}}{{#minutes.few}}الرمز صالح لمدة {{minutes.n}} دقائق.{{/minutes.few}}{{#minutes.many}}الرمز صالح لمدة {{minutes.n}} دقيقة.{{/minutes.many}}{{#minutes.other}}الرمز صالح لمدة {{minutes.n}} دقيقة.{{/minutes.other}}',
$m$<p style="{{style.p}}">يريد شخص ما، نأمل أنه أنت، تعيين كلمة مرور جديدة لحسابك. أدخل هذا الرمز للمتابعة:</p>
<p dir="ltr" style="{{style.code}}">{{code}}</p>
<p style="{{style.p}}">{{#minutes.zero}}الرمز صالح لمدة {{minutes.n}} دقيقة.{{/minutes.zero}}{{#minutes.one}}الرمز صالح لمدة دقيقة واحدة.{{/minutes.one}}{{#minutes.two}}الرمز صالح لمدة دقيقتين.{{/minutes.two}}{{#minutes.few}}الرمز صالح لمدة {{minutes.n}} دقائق.{{/minutes.few}}{{#minutes.many}}الرمز صالح لمدة {{minutes.n}} دقيقة.{{/minutes.many}}{{#minutes.other}}الرمز صالح لمدة {{minutes.n}} دقيقة.{{/minutes.other}} لا تعطه لأحد: نحن لا نطلبه أبدًا.</p>
<p style="{{style.p}}">إذا لم يكن أنت، فستبقى كلمة مرورك كما هي، ولا يلزمك فعل شيء.</p>
$m$,
$m$يريد شخص ما، نأمل أنه أنت، تعيين كلمة مرور جديدة لحسابك. أدخل هذا الرمز للمتابعة: {{code}}

{{#minutes.zero}}الرمز صالح لمدة {{minutes.n}} دقيقة.{{/minutes.zero}}{{#minutes.one}}الرمز صالح لمدة دقيقة واحدة.{{/minutes.one}}{{#minutes.two}}الرمز صالح لمدة دقيقتين.{{/minutes.two}}{{#minutes.few}}الرمز صالح لمدة {{minutes.n}} دقائق.{{/minutes.few}}{{#minutes.many}}الرمز صالح لمدة {{minutes.n}} دقيقة.{{/minutes.many}}{{#minutes.other}}الرمز صالح لمدة {{minutes.n}} دقيقة.{{/minutes.other}} لا تعطه لأحد: نحن لا نطلبه أبدًا.

إذا لم يكن أنت، فستبقى كلمة مرورك كما هي، ولا يلزمك فعل شيء.$m$),

('staff_invited', '{{#has_account}}دعوة من {{shop_name}}{{/has_account}}{{^has_account}}حساب الموظف الخاص بك في {{shop_name}}{{/has_account}}', 'اعمل مع {{shop_name}} على {{app_name}}.',
$m${{#has_account}}
<p style="{{style.p}}">يدعوك متجر <strong>{{shop_name}}</strong> للانضمام إلى موظفيه على {{app_name}}. لا يتغير شيء لديك حتى تقبل الدعوة.</p>
<p style="{{style.action}}"><a href="{{app_url}}/seller/invitations/{{shop_id}}" style="{{colour.button}}">عرض الدعوة</a></p>
<p style="{{style.p}}">إذا كنت لا تعرف هذا المتجر، فلا يلزمك فعل شيء.</p>
{{/has_account}}
{{^has_account}}
<p style="{{style.p}}">أنشأ متجر <strong>{{shop_name}}</strong> حساب موظف لك على {{app_name}}. عند تسجيل الدخول لأول مرة اختر «نسيت كلمة المرور» بهذا البريد الإلكتروني لتعيين كلمة مرورك.</p>
<p style="{{style.action}}"><a href="{{app_url}}/seller/login" style="{{colour.button}}">تسجيل الدخول</a></p>
{{/has_account}}
$m$,
$m${{#has_account}}
يدعوك متجر {{shop_name}} للانضمام إلى موظفيه على {{app_name}}. لا يتغير شيء لديك حتى تقبل الدعوة.

عرض الدعوة: {{app_url}}/seller/invitations/{{shop_id}}

إذا كنت لا تعرف هذا المتجر، فلا يلزمك فعل شيء.
{{/has_account}}
{{^has_account}}
أنشأ متجر {{shop_name}} حساب موظف لك على {{app_name}}. عند تسجيل الدخول لأول مرة اختر «نسيت كلمة المرور» بهذا البريد الإلكتروني لتعيين كلمة مرورك.

تسجيل الدخول: {{app_url}}/seller/login
{{/has_account}}$m$),

('webhook_endpoint_disabled', 'تم إيقاف نقطة ويب هوك لمتجر {{shop_name}}', 'تعذّر الوصول إليها منذ {{failing_since}}.',
$m$<p style="{{style.p}}">لم نتمكن من تسليم أي شيء إلى نقطة ويب هوك لمتجر <strong>{{shop_name}}</strong> منذ {{failing_since}}. تم إيقافها، ولم تعد تُرسَل إليها أحداث.</p>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.facts}}">
<tr><td style="{{style.fact}}">نقطة النهاية</td><td dir="ltr" style="{{style.value}}">{{endpoint_url}}</td></tr>
<tr><td style="{{style.fact}}">متعطلة منذ</td><td style="{{style.value}}">{{failing_since}}</td></tr>
<tr><td style="{{style.fact}}">آخر خطأ</td><td dir="ltr" style="{{style.value}}">{{last_error}}</td></tr>
</table>
<p style="{{style.p}}">أصلح نقطة النهاية ثم فعّلها من جديد. يعرض سجل التسليم ما فات ويمكنه إعادة إرساله.</p>
<p style="{{style.action}}"><a href="{{app_url}}/seller/webhooks" style="{{colour.button}}">عرض نقطة النهاية</a></p>
$m$,
$m$لم نتمكن من تسليم أي شيء إلى نقطة ويب هوك لمتجر {{shop_name}} منذ {{failing_since}}. تم إيقافها، ولم تعد تُرسَل إليها أحداث.

نقطة النهاية: {{endpoint_url}}
آخر خطأ: {{last_error}}

أصلح نقطة النهاية ثم فعّلها من جديد. يعرض سجل التسليم ما فات ويمكنه إعادة إرساله.
عرض نقطة النهاية: {{app_url}}/seller/webhooks$m$)

) s (name, subject, preheader, html, text)
ON CONFLICT (name, locale) DO UPDATE SET subject = excluded.subject, preheader = excluded.preheader, html = excluded.html,
    text = excluded.text, shipped = excluded.shipped, updated_at = now()
WHERE k.shipped = md5(k.subject || k.preheader || k.html || k.text) AND k.shipped <> excluded.shipped;

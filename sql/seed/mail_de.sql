-- sql/seed/mail_de.sql
-- The mails in German.  A row that an operator edited stays as he has it.
INSERT INTO qutecart.mail_templates AS k (locale, name, subject, preheader, html, text, shipped)
SELECT 'de', s.*, md5(s.subject || s.preheader || s.html || s.text)
FROM (VALUES

('subscription_confirmation', 'Willkommen bei {{plan_name}} 🎉', 'Ihr Tarif {{plan_name}} für {{shop_name}} ist aktiv.',
$m$<p style="{{style.p}}">Vielen Dank, dass Sie sich für den Tarif <strong>{{plan_name}}</strong> für <strong>{{shop_name}}</strong> entschieden haben. Alles, was er enthält, steht Ihnen ab sofort zur Verfügung.</p>
{{^trial_days.is_zero}}
<div style="{{colour.box}}">
<p style="{{style.strong}}">{{#trial_days.one}}{{trial_days.n}} Tag kostenlos{{/trial_days.one}}{{^trial_days.one}}{{trial_days.n}} Tage kostenlos{{/trial_days.one}}</p>
<p style="{{style.boxed}}">Ihr Probezeitraum läuft bis zum <strong>{{trial_ends_at}}</strong>. Vorher zahlen Sie nichts, und Sie können jederzeit kündigen.</p>
</div>
{{/trial_days.is_zero}}
{{#subdomain}}
<div style="{{colour.box}}">
<p style="{{style.strong}}">Ihr eigener Shop</p>
<p style="{{style.boxed}}">Ihr Shop hat eine eigene Adresse: <strong dir="ltr">{{subdomain}}</strong></p>
</div>
{{/subdomain}}
<h2 style="{{style.h2}}">In Ihrem Tarif enthalten</h2>
<ul style="{{style.ul}}">
<li style="{{style.li}}">{{#products_limit.is_unlimited}}Unbegrenzt viele Produkte{{/products_limit.is_unlimited}}{{^products_limit.is_unlimited}}{{#products_limit.one}}{{products_limit.n}} Produkt{{/products_limit.one}}{{^products_limit.one}}{{products_limit.n}} Produkte{{/products_limit.one}}{{/products_limit.is_unlimited}}</li>
<li style="{{style.li}}">{{#orders_per_month.is_unlimited}}Unbegrenzt viele Bestellungen{{/orders_per_month.is_unlimited}}{{^orders_per_month.is_unlimited}}{{#orders_per_month.one}}{{orders_per_month.n}} Bestellung pro Monat{{/orders_per_month.one}}{{^orders_per_month.one}}{{orders_per_month.n}} Bestellungen pro Monat{{/orders_per_month.one}}{{/orders_per_month.is_unlimited}}</li>
<li style="{{style.li}}">{{#storage_mb.is_unlimited}}Unbegrenzter Speicher{{/storage_mb.is_unlimited}}{{^storage_mb.is_unlimited}}{{storage_mb.n}} MB Speicher{{/storage_mb.is_unlimited}}</li>
<li style="{{style.li}}">{{#staff_accounts.is_unlimited}}Unbegrenzt viele Mitarbeiterkonten{{/staff_accounts.is_unlimited}}{{^staff_accounts.is_unlimited}}{{#staff_accounts.one}}{{staff_accounts.n}} Mitarbeiterkonto{{/staff_accounts.one}}{{^staff_accounts.one}}{{staff_accounts.n}} Mitarbeiterkonten{{/staff_accounts.one}}{{/staff_accounts.is_unlimited}}</li>
{{#subdomain}}
<li style="{{style.li}}">Ein Shop unter eigener Adresse</li>
<li style="{{style.li}}">Ihre Kunden sehen dort nur Ihren Shop</li>
{{/subdomain}}
{{#has_priority_support}}
<li style="{{style.li}}">Bevorzugter Support</li>
{{/has_priority_support}}
</ul>
{{#subdomain}}
<p style="{{style.action}}"><a href="https://{{subdomain}}" style="{{colour.button}}">Shop ansehen</a></p>
{{/subdomain}}
<p style="{{style.p}}">Fügen Sie jetzt Ihre Produkte hinzu, oder übernehmen Sie sie mit einer Importdatei aus einem anderen Shop. Bei Fragen <a href="{{contact_url}}" style="{{style.link}}">schreiben Sie uns</a>.</p>
$m$,
$m$Vielen Dank, dass Sie sich für den Tarif {{plan_name}} für {{shop_name}} entschieden haben. Alles, was er enthält, steht Ihnen ab sofort zur Verfügung.
{{^trial_days.is_zero}}

{{#trial_days.one}}{{trial_days.n}} Tag kostenlos{{/trial_days.one}}{{^trial_days.one}}{{trial_days.n}} Tage kostenlos{{/trial_days.one}}
Ihr Probezeitraum läuft bis zum {{trial_ends_at}}. Vorher zahlen Sie nichts, und Sie können jederzeit kündigen.
{{/trial_days.is_zero}}
{{#subdomain}}

Ihr eigener Shop: https://{{subdomain}}
{{/subdomain}}

In Ihrem Tarif enthalten:
- {{#products_limit.is_unlimited}}Unbegrenzt viele Produkte{{/products_limit.is_unlimited}}{{^products_limit.is_unlimited}}{{#products_limit.one}}{{products_limit.n}} Produkt{{/products_limit.one}}{{^products_limit.one}}{{products_limit.n}} Produkte{{/products_limit.one}}{{/products_limit.is_unlimited}}
- {{#orders_per_month.is_unlimited}}Unbegrenzt viele Bestellungen{{/orders_per_month.is_unlimited}}{{^orders_per_month.is_unlimited}}{{#orders_per_month.one}}{{orders_per_month.n}} Bestellung pro Monat{{/orders_per_month.one}}{{^orders_per_month.one}}{{orders_per_month.n}} Bestellungen pro Monat{{/orders_per_month.one}}{{/orders_per_month.is_unlimited}}
- {{#storage_mb.is_unlimited}}Unbegrenzter Speicher{{/storage_mb.is_unlimited}}{{^storage_mb.is_unlimited}}{{storage_mb.n}} MB Speicher{{/storage_mb.is_unlimited}}
- {{#staff_accounts.is_unlimited}}Unbegrenzt viele Mitarbeiterkonten{{/staff_accounts.is_unlimited}}{{^staff_accounts.is_unlimited}}{{#staff_accounts.one}}{{staff_accounts.n}} Mitarbeiterkonto{{/staff_accounts.one}}{{^staff_accounts.one}}{{staff_accounts.n}} Mitarbeiterkonten{{/staff_accounts.one}}{{/staff_accounts.is_unlimited}}
{{#subdomain}}
- Ein Shop unter eigener Adresse
- Ihre Kunden sehen dort nur Ihren Shop
{{/subdomain}}
{{#has_priority_support}}
- Bevorzugter Support
{{/has_priority_support}}

Fügen Sie jetzt Ihre Produkte hinzu, oder übernehmen Sie sie mit einer Importdatei aus einem anderen Shop. Bei Fragen schreiben Sie uns: {{contact_url}}$m$),

('payment_failed', 'Zahlung fehlgeschlagen – bitte handeln Sie', '{{amount}} für {{shop_name}} konnten nicht eingezogen werden.',
$m$<p style="{{style.p}}">Die Zahlung für den Tarif <strong>{{plan_name}}</strong> von <strong>{{shop_name}}</strong> konnte nicht eingezogen werden.</p>
{{#is_urgent}}
<div style="{{colour.box}}">
<p style="{{style.strong}}">Dringend: Das war Versuch {{attempt.n}}</p>
<p style="{{style.boxed}}">Geht die Zahlung nicht ein, gelten für Ihren Shop die Grenzen des Tarifs Free.</p>
</div>
{{/is_urgent}}
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.facts}}">
<tr><td style="{{style.fact}}">Betrag</td><td style="{{style.value}}">{{amount}} {{currency}}</td></tr>
<tr><td style="{{style.fact}}">Versuch</td><td style="{{style.value}}">{{attempt.n}}</td></tr>
{{#next_attempt_at}}
<tr><td style="{{style.fact}}">Nächster Versuch</td><td style="{{style.value}}">{{next_attempt_at}}</td></tr>
{{/next_attempt_at}}
</table>
<p style="{{style.action}}"><a href="{{billing_url}}" style="{{colour.button}}">Zahlungsmittel ändern</a></p>
<h2 style="{{style.h2}}">Häufige Ursachen</h2>
<ul style="{{style.ul}}">
<li style="{{style.li}}">Die Karte ist abgelaufen.</li>
<li style="{{style.li}}">Das Konto war nicht gedeckt.</li>
<li style="{{style.li}}">Die Bank hat die Zahlung aus Sicherheitsgründen abgelehnt.</li>
<li style="{{style.li}}">Die Rechnungsdaten haben sich geändert.</li>
</ul>
<h2 style="{{style.h2}}">Was jetzt zu tun ist</h2>
<ol style="{{style.ul}}">
<li style="{{style.li}}">Öffnen Sie die Abrechnungsseite.</li>
<li style="{{style.li}}">Prüfen Sie die Karte, oder hinterlegen Sie eine andere.</li>
<li style="{{style.li}}">Fragen Sie Ihre Bank, wenn mit der Karte alles in Ordnung ist.</li>
<li style="{{style.li}}">Die Zahlung wird danach von selbst wiederholt.</li>
</ol>
$m$,
$m$Die Zahlung für den Tarif {{plan_name}} von {{shop_name}} konnte nicht eingezogen werden.
{{#is_urgent}}

Dringend: Das war Versuch {{attempt.n}} – Geht die Zahlung nicht ein, gelten für Ihren Shop die Grenzen des Tarifs Free.
{{/is_urgent}}

Betrag: {{amount}} {{currency}}
Versuch: {{attempt.n}}
{{#next_attempt_at}}
Nächster Versuch: {{next_attempt_at}}
{{/next_attempt_at}}

Zahlungsmittel ändern: {{billing_url}}

Häufige Ursachen:
- Die Karte ist abgelaufen.
- Das Konto war nicht gedeckt.
- Die Bank hat die Zahlung aus Sicherheitsgründen abgelehnt.
- Die Rechnungsdaten haben sich geändert.

Was jetzt zu tun ist:
1. Öffnen Sie die Abrechnungsseite.
2. Prüfen Sie die Karte, oder hinterlegen Sie eine andere.
3. Fragen Sie Ihre Bank, wenn mit der Karte alles in Ordnung ist.
4. Die Zahlung wird danach von selbst wiederholt.$m$),

('trial_ending', '{{#days_left.one}}Ihr Probezeitraum endet in {{days_left.n}} Tag{{/days_left.one}}{{^days_left.one}}Ihr Probezeitraum endet in {{days_left.n}} Tagen{{/days_left.one}}', 'Der Probezeitraum von {{plan_name}} für {{shop_name}} endet am {{trial_ends_at}}.',
$m$<p style="{{style.p}}">Der Probezeitraum des Tarifs <strong>{{plan_name}}</strong> für <strong>{{shop_name}}</strong> geht zu Ende.</p>
<div style="{{colour.box}}">
<p style="{{colour.figure}}">{{days_left.n}}</p>
<p style="{{colour.unit}}">{{#days_left.one}}Tag übrig, bis zum {{trial_ends_at}}{{/days_left.one}}{{^days_left.one}}Tage übrig, bis zum {{trial_ends_at}}{{/days_left.one}}</p>
</div>
<h2 style="{{style.h2}}">Wie es weitergeht</h2>
<p style="{{style.p}}">Am {{trial_ends_at}} läuft der Tarif von selbst weiter, für <strong>{{#is_yearly}}{{price}} pro Jahr{{/is_yearly}}{{^is_yearly}}{{price}} pro Monat{{/is_yearly}}</strong> über Ihr Zahlungsmittel. Sie behalten:</p>
<ul style="{{style.ul}}">
<li style="{{style.li}}">alle Ihre Produkte und Bestellungen</li>
<li style="{{style.li}}">den Umfang des Tarifs {{plan_name}}</li>
<li style="{{style.li}}">die eigene Adresse Ihres Shops</li>
<li style="{{style.li}}">die Zugänge Ihrer Mitarbeiter</li>
<li style="{{style.li}}">alle Funktionen, die Sie jetzt nutzen</li>
</ul>
<p style="{{style.action}}"><a href="{{billing_url}}" style="{{colour.button}}">Abrechnung verwalten</a></p>
<p style="{{style.p}}">Möchten Sie nicht fortfahren, kündigen Sie vor dem {{trial_ends_at}}. Ihr Shop wechselt dann in den Tarif Free, und nichts wird gelöscht.</p>
$m$,
$m$Der Probezeitraum des Tarifs {{plan_name}} für {{shop_name}} geht zu Ende.

{{days_left.n}} {{#days_left.one}}Tag übrig, bis zum {{trial_ends_at}}{{/days_left.one}}{{^days_left.one}}Tage übrig, bis zum {{trial_ends_at}}{{/days_left.one}}

Wie es weitergeht:
Am {{trial_ends_at}} läuft der Tarif von selbst weiter, für {{#is_yearly}}{{price}} pro Jahr{{/is_yearly}}{{^is_yearly}}{{price}} pro Monat{{/is_yearly}} über Ihr Zahlungsmittel. Sie behalten:
- alle Ihre Produkte und Bestellungen
- den Umfang des Tarifs {{plan_name}}
- die eigene Adresse Ihres Shops
- die Zugänge Ihrer Mitarbeiter
- alle Funktionen, die Sie jetzt nutzen

Abrechnung verwalten: {{billing_url}}

Möchten Sie nicht fortfahren, kündigen Sie vor dem {{trial_ends_at}}. Ihr Shop wechselt dann in den Tarif Free, und nichts wird gelöscht.$m$),

('limit_warning', '{{#is_reached}}{{#limit_type.products}}Produktgrenze erreicht{{/limit_type.products}}{{#limit_type.orders}}Bestellgrenze erreicht{{/limit_type.orders}}{{#limit_type.storage}}Speichergrenze erreicht{{/limit_type.storage}}{{#limit_type.staff}}Mitarbeitergrenze erreicht{{/limit_type.staff}}{{/is_reached}}{{^is_reached}}{{#limit_type.products}}Produktgrenze fast erreicht{{/limit_type.products}}{{#limit_type.orders}}Bestellgrenze fast erreicht{{/limit_type.orders}}{{#limit_type.storage}}Speichergrenze fast erreicht{{/limit_type.storage}}{{#limit_type.staff}}Mitarbeitergrenze fast erreicht{{/limit_type.staff}}{{/is_reached}}', '{{shop_name}} hat {{percent.n}} dessen genutzt, was der Tarif {{plan_name}} enthält.',
$m${{#is_reached}}
<p style="{{style.p}}"><strong>{{shop_name}}</strong> hat eine Grenze des Tarifs <strong>{{plan_name}}</strong> erreicht.</p>
{{/is_reached}}
{{^is_reached}}
<p style="{{style.p}}"><strong>{{shop_name}}</strong> nähert sich einer Grenze des Tarifs <strong>{{plan_name}}</strong>.</p>
{{/is_reached}}
<div style="{{colour.box}}">
<p style="{{colour.figure}}">{{percent.n}}</p>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.bar}}"><tr><td width="{{percent.bar}}%" style="{{colour.bar}}">&nbsp;</td><td style="{{style.rest}}">&nbsp;</td></tr></table>
<p style="{{colour.unit}}">{{current.n}} von {{limit.n}} {{#limit_type.products}}Produkten{{/limit_type.products}}{{#limit_type.orders}}Bestellungen in diesem Monat{{/limit_type.orders}}{{#limit_type.storage}}MB{{/limit_type.storage}}{{#limit_type.staff}}Mitarbeiterkonten{{/limit_type.staff}}</p>
</div>
<h2 style="{{style.h2}}">{{#is_reached}}Was das jetzt bedeutet{{/is_reached}}{{^is_reached}}Was bei 100 % geschieht{{/is_reached}}</h2>
<ul style="{{style.ul}}">
<li style="{{style.li}}">{{#limit_type.products}}Es kann kein weiteres Produkt angelegt werden.{{/limit_type.products}}{{#limit_type.orders}}Weitere Bestellungen Ihrer Kunden werden bis zum Beginn des nächsten Monats abgelehnt.{{/limit_type.orders}}{{#limit_type.storage}}Es kann keine weitere Datei hochgeladen werden.{{/limit_type.storage}}{{#limit_type.staff}}Es kann kein weiteres Mitarbeiterkonto angelegt werden.{{/limit_type.staff}}</li>
<li style="{{style.li}}">Was da ist, bleibt und kann weiterhin bearbeitet werden.</li>
<li style="{{style.li}}">Nichts wird gelöscht oder versteckt.</li>
</ul>
<p style="{{style.p}}">Die größeren Tarife enthalten von allem mehr: Produkte, Bestellungen, Speicher und Mitarbeiter.</p>
<p style="{{style.action}}"><a href="{{plans_url}}" style="{{colour.button}}">Größere Tarife ansehen</a></p>
$m$,
$m${{#is_reached}}
{{shop_name}} hat eine Grenze des Tarifs {{plan_name}} erreicht.
{{/is_reached}}
{{^is_reached}}
{{shop_name}} nähert sich einer Grenze des Tarifs {{plan_name}}.
{{/is_reached}}

{{percent.n}}: {{current.n}} von {{limit.n}} {{#limit_type.products}}Produkten{{/limit_type.products}}{{#limit_type.orders}}Bestellungen in diesem Monat{{/limit_type.orders}}{{#limit_type.storage}}MB{{/limit_type.storage}}{{#limit_type.staff}}Mitarbeiterkonten{{/limit_type.staff}}

{{#is_reached}}Was das jetzt bedeutet:{{/is_reached}}{{^is_reached}}Was bei 100 % geschieht:{{/is_reached}}
- {{#limit_type.products}}Es kann kein weiteres Produkt angelegt werden.{{/limit_type.products}}{{#limit_type.orders}}Weitere Bestellungen Ihrer Kunden werden bis zum Beginn des nächsten Monats abgelehnt.{{/limit_type.orders}}{{#limit_type.storage}}Es kann keine weitere Datei hochgeladen werden.{{/limit_type.storage}}{{#limit_type.staff}}Es kann kein weiteres Mitarbeiterkonto angelegt werden.{{/limit_type.staff}}
- Was da ist, bleibt und kann weiterhin bearbeitet werden.
- Nichts wird gelöscht oder versteckt.

Die größeren Tarife enthalten von allem mehr: Produkte, Bestellungen, Speicher und Mitarbeiter.
Größere Tarife ansehen: {{plans_url}}$m$),

('order_limit_reached', 'Bestellgrenze erreicht', '{{shop_name}} hat alle {{limit.n}} Bestellungen dieses Monats erhalten.',
$m$<p style="{{style.p}}"><strong>{{shop_name}}</strong> hat alle Bestellungen erhalten, die der Tarif <strong>{{plan_name}}</strong> in diesem Monat enthält.</p>
<div style="{{colour.box}}">
<p style="{{colour.figure}}">{{limit.n}}</p>
<p style="{{colour.unit}}">{{#limit.one}}Bestellung in diesem Monat{{/limit.one}}{{^limit.one}}Bestellungen in diesem Monat{{/limit.one}}</p>
</div>
<p style="{{style.p}}"><strong>Weitere Bestellungen Ihrer Kunden werden bis zum {{resets_at}} abgelehnt.</strong> Mit einem größeren Tarif werden sie sofort wieder angenommen.</p>
<p style="{{style.action}}"><a href="{{plans_url}}" style="{{colour.button}}">Größere Tarife ansehen</a></p>
$m$,
$m${{shop_name}} hat alle Bestellungen erhalten, die der Tarif {{plan_name}} in diesem Monat enthält. ({{limit.n}})

Weitere Bestellungen Ihrer Kunden werden bis zum {{resets_at}} abgelehnt. Mit einem größeren Tarif werden sie sofort wieder angenommen.

Größere Tarife ansehen: {{plans_url}}$m$),

('usage_report', '{{shop_name}} im {{month}}', 'Was Ihr Shop vom Tarif {{plan_name}} genutzt hat.',
$m$<p style="{{style.p}}">Das hat <strong>{{shop_name}}</strong> im {{month}} vom Tarif <strong>{{plan_name}}</strong> genutzt:</p>
{{#usage}}
<p style="{{style.strong}}">{{#metric.products}}Produkte{{/metric.products}}{{#metric.orders}}Bestellungen{{/metric.orders}}{{#metric.storage}}Speicher{{/metric.storage}}{{#metric.staff}}Mitarbeiterkonten{{/metric.staff}}</p>
<p style="{{style.boxed}}">{{#limit.is_unlimited}}{{used.n}}{{#metric.storage}} MB{{/metric.storage}}, unbegrenzt{{/limit.is_unlimited}}{{^limit.is_unlimited}}{{used.n}}{{#metric.storage}} MB{{/metric.storage}} von {{limit.n}}{{#metric.storage}} MB{{/metric.storage}} ({{percent.n}}){{/limit.is_unlimited}}</p>
{{^limit.is_unlimited}}
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.bar}}"><tr><td width="{{percent.bar}}%" style="{{colour.bar}}">&nbsp;</td><td style="{{style.rest}}">&nbsp;</td></tr></table>
{{/limit.is_unlimited}}
{{/usage}}
<p style="{{style.action}}"><a href="{{plans_url}}" style="{{colour.button}}">Tarife vergleichen</a></p>
$m$,
$m$Das hat {{shop_name}} im {{month}} vom Tarif {{plan_name}} genutzt:

{{#usage}}
- {{#metric.products}}Produkte{{/metric.products}}{{#metric.orders}}Bestellungen{{/metric.orders}}{{#metric.storage}}Speicher{{/metric.storage}}{{#metric.staff}}Mitarbeiterkonten{{/metric.staff}}: {{#limit.is_unlimited}}{{used.n}}{{#metric.storage}} MB{{/metric.storage}}, unbegrenzt{{/limit.is_unlimited}}{{^limit.is_unlimited}}{{used.n}}{{#metric.storage}} MB{{/metric.storage}} von {{limit.n}}{{#metric.storage}} MB{{/metric.storage}} ({{percent.n}}){{/limit.is_unlimited}}
{{/usage}}

Tarife vergleichen: {{plans_url}}$m$),

('subscription_upgraded', 'Sie nutzen jetzt {{plan_name}}', '{{shop_name}} ist von {{previous_plan_name}} zu {{plan_name}} gewechselt.',
$m$<p style="{{style.p}}"><strong>{{shop_name}}</strong> ist vom Tarif {{previous_plan_name}} zu <strong>{{plan_name}}</strong> gewechselt. Der neue Umfang gilt ab sofort.</p>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.facts}}">
<tr><td style="{{style.fact}}">Preis</td><td style="{{style.value}}">{{#is_yearly}}{{price}} pro Jahr{{/is_yearly}}{{^is_yearly}}{{price}} pro Monat{{/is_yearly}}</td></tr>
<tr><td style="{{style.fact}}">Produkte</td><td style="{{style.value}}">{{#products_limit.is_unlimited}}unbegrenzt{{/products_limit.is_unlimited}}{{^products_limit.is_unlimited}}{{products_limit.n}}{{/products_limit.is_unlimited}}</td></tr>
<tr><td style="{{style.fact}}">Bestellungen pro Monat</td><td style="{{style.value}}">{{#orders_per_month.is_unlimited}}unbegrenzt{{/orders_per_month.is_unlimited}}{{^orders_per_month.is_unlimited}}{{orders_per_month.n}}{{/orders_per_month.is_unlimited}}</td></tr>
<tr><td style="{{style.fact}}">Speicher</td><td style="{{style.value}}">{{#storage_mb.is_unlimited}}unbegrenzt{{/storage_mb.is_unlimited}}{{^storage_mb.is_unlimited}}{{storage_mb.n}} MB{{/storage_mb.is_unlimited}}</td></tr>
<tr><td style="{{style.fact}}">Mitarbeiterkonten</td><td style="{{style.value}}">{{#staff_accounts.is_unlimited}}unbegrenzt{{/staff_accounts.is_unlimited}}{{^staff_accounts.is_unlimited}}{{staff_accounts.n}}{{/staff_accounts.is_unlimited}}</td></tr>
</table>
<p style="{{style.p}}">Was von einer Zahlung für {{previous_plan_name}} übrig ist, wird auf den neuen Tarif angerechnet.</p>
<p style="{{style.action}}"><a href="{{billing_url}}" style="{{colour.button}}">Abrechnung verwalten</a></p>
$m$,
$m${{shop_name}} ist vom Tarif {{previous_plan_name}} zu {{plan_name}} gewechselt. Der neue Umfang gilt ab sofort.

Preis: {{#is_yearly}}{{price}} pro Jahr{{/is_yearly}}{{^is_yearly}}{{price}} pro Monat{{/is_yearly}}
Produkte: {{#products_limit.is_unlimited}}unbegrenzt{{/products_limit.is_unlimited}}{{^products_limit.is_unlimited}}{{products_limit.n}}{{/products_limit.is_unlimited}}
Bestellungen pro Monat: {{#orders_per_month.is_unlimited}}unbegrenzt{{/orders_per_month.is_unlimited}}{{^orders_per_month.is_unlimited}}{{orders_per_month.n}}{{/orders_per_month.is_unlimited}}
Speicher: {{#storage_mb.is_unlimited}}unbegrenzt{{/storage_mb.is_unlimited}}{{^storage_mb.is_unlimited}}{{storage_mb.n}} MB{{/storage_mb.is_unlimited}}
Mitarbeiterkonten: {{#staff_accounts.is_unlimited}}unbegrenzt{{/staff_accounts.is_unlimited}}{{^staff_accounts.is_unlimited}}{{staff_accounts.n}}{{/staff_accounts.is_unlimited}}

Was von einer Zahlung für {{previous_plan_name}} übrig ist, wird auf den neuen Tarif angerechnet.

Abrechnung verwalten: {{billing_url}}$m$),

('downgrade_scheduled', 'Ihr Tarif wechselt am {{starts_at}} zu {{next_plan_name}}', 'Bis dahin behält {{shop_name}} alles, was {{plan_name}} enthält.',
$m$<p style="{{style.p}}">Am <strong>{{starts_at}}</strong> wechselt <strong>{{shop_name}}</strong> von {{plan_name}} zum Tarif <strong>{{next_plan_name}}</strong>. Bis dahin behalten Sie alles, was Sie haben.</p>
<h2 style="{{style.h2}}">Das enthält {{next_plan_name}}</h2>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.facts}}">
<tr><td style="{{style.fact}}">Produkte</td><td style="{{style.value}}">{{#next_products_limit.is_unlimited}}unbegrenzt{{/next_products_limit.is_unlimited}}{{^next_products_limit.is_unlimited}}{{next_products_limit.n}}{{/next_products_limit.is_unlimited}}</td></tr>
<tr><td style="{{style.fact}}">Bestellungen pro Monat</td><td style="{{style.value}}">{{#next_orders_per_month.is_unlimited}}unbegrenzt{{/next_orders_per_month.is_unlimited}}{{^next_orders_per_month.is_unlimited}}{{next_orders_per_month.n}}{{/next_orders_per_month.is_unlimited}}</td></tr>
<tr><td style="{{style.fact}}">Speicher</td><td style="{{style.value}}">{{#next_storage_mb.is_unlimited}}unbegrenzt{{/next_storage_mb.is_unlimited}}{{^next_storage_mb.is_unlimited}}{{next_storage_mb.n}} MB{{/next_storage_mb.is_unlimited}}</td></tr>
<tr><td style="{{style.fact}}">Mitarbeiterkonten</td><td style="{{style.value}}">{{#next_staff_accounts.is_unlimited}}unbegrenzt{{/next_staff_accounts.is_unlimited}}{{^next_staff_accounts.is_unlimited}}{{next_staff_accounts.n}}{{/next_staff_accounts.is_unlimited}}</td></tr>
</table>
<p style="{{style.p}}">Was darüber hinausgeht, bleibt und kann bearbeitet werden; Neues kann erst angelegt werden, wenn wieder Platz ist. Nichts wird gelöscht.</p>
<p style="{{style.action}}"><a href="{{plans_url}}" style="{{colour.button}}">Doch nicht wechseln</a></p>
$m$,
$m$Am {{starts_at}} wechselt {{shop_name}} von {{plan_name}} zum Tarif {{next_plan_name}}. Bis dahin behalten Sie alles, was Sie haben.

Das enthält {{next_plan_name}}:
- Produkte: {{#next_products_limit.is_unlimited}}unbegrenzt{{/next_products_limit.is_unlimited}}{{^next_products_limit.is_unlimited}}{{next_products_limit.n}}{{/next_products_limit.is_unlimited}}
- Bestellungen pro Monat: {{#next_orders_per_month.is_unlimited}}unbegrenzt{{/next_orders_per_month.is_unlimited}}{{^next_orders_per_month.is_unlimited}}{{next_orders_per_month.n}}{{/next_orders_per_month.is_unlimited}}
- Speicher: {{#next_storage_mb.is_unlimited}}unbegrenzt{{/next_storage_mb.is_unlimited}}{{^next_storage_mb.is_unlimited}}{{next_storage_mb.n}} MB{{/next_storage_mb.is_unlimited}}
- Mitarbeiterkonten: {{#next_staff_accounts.is_unlimited}}unbegrenzt{{/next_staff_accounts.is_unlimited}}{{^next_staff_accounts.is_unlimited}}{{next_staff_accounts.n}}{{/next_staff_accounts.is_unlimited}}

Was darüber hinausgeht, bleibt und kann bearbeitet werden; Neues kann erst angelegt werden, wenn wieder Platz ist. Nichts wird gelöscht.

Doch nicht wechseln: {{plans_url}}$m$),

('subscription_canceled', '{{#ends_at}}Ihr Abonnement {{ended_plan_name}} endet bald{{/ends_at}}{{^ends_at}}Ihr Abonnement {{ended_plan_name}} ist beendet{{/ends_at}}', 'Wie es mit {{shop_name}} weitergeht.',
$m${{#ends_at}}
<p style="{{style.p}}">Das Abonnement <strong>{{ended_plan_name}}</strong> von <strong>{{shop_name}}</strong> ist gekündigt und endet am <strong>{{ends_at}}</strong>. Bis dahin behalten Sie alles, was es enthält, und können es jederzeit fortsetzen.</p>
{{/ends_at}}
{{^ends_at}}
<p style="{{style.p}}">Das Abonnement <strong>{{ended_plan_name}}</strong> von <strong>{{shop_name}}</strong> ist beendet. Ihr Shop nutzt jetzt den Tarif Free.</p>
{{/ends_at}}
<ul style="{{style.ul}}">
<li style="{{style.li}}">Ihr Shop bleibt mit den Grenzen des Tarifs Free auf dem Marktplatz.</li>
<li style="{{style.li}}">Nichts wird gelöscht: Produkte, Bestellungen und Dateien bleiben.</li>
<li style="{{style.li}}">Eine eigene Adresse Ihres Shops bleibt 30 Tage lang für Sie reserviert.</li>
</ul>
<p style="{{style.action}}"><a href="{{plans_url}}" style="{{colour.button}}">{{#ends_at}}Tarif behalten{{/ends_at}}{{^ends_at}}Tarif wählen{{/ends_at}}</a></p>
$m$,
$m${{#ends_at}}
Das Abonnement {{ended_plan_name}} von {{shop_name}} ist gekündigt und endet am {{ends_at}}. Bis dahin behalten Sie alles, was es enthält, und können es jederzeit fortsetzen.
{{/ends_at}}
{{^ends_at}}
Das Abonnement {{ended_plan_name}} von {{shop_name}} ist beendet. Ihr Shop nutzt jetzt den Tarif Free.
{{/ends_at}}

- Ihr Shop bleibt mit den Grenzen des Tarifs Free auf dem Marktplatz.
- Nichts wird gelöscht: Produkte, Bestellungen und Dateien bleiben.
- Eine eigene Adresse Ihres Shops bleibt 30 Tage lang für Sie reserviert.

{{#ends_at}}Tarif behalten{{/ends_at}}{{^ends_at}}Tarif wählen{{/ends_at}}: {{plans_url}}$m$),

('payment_succeeded', 'Wir haben Ihre Zahlung über {{amount}} erhalten', 'Vielen Dank: {{amount}} für {{shop_name}}.',
$m$<p style="{{style.p}}">Vielen Dank. Ihre Zahlung für den Tarif <strong>{{plan_name}}</strong> von <strong>{{shop_name}}</strong> ist eingegangen.</p>
<div style="{{colour.box}}">
<p style="{{colour.figure}}">{{amount}}</p>
<p style="{{colour.unit}}">{{currency}}</p>
</div>
{{#invoice_url}}
<p style="{{style.action}}"><a href="{{invoice_url}}" style="{{colour.button}}">Rechnung ansehen</a></p>
{{/invoice_url}}
<p style="{{style.p}}">Alle Rechnungen finden Sie auf der <a href="{{billing_url}}" style="{{style.link}}">Abrechnungsseite</a>.</p>
$m$,
$m$Vielen Dank. Ihre Zahlung für den Tarif {{plan_name}} von {{shop_name}} ist eingegangen. {{amount}} {{currency}}
{{#invoice_url}}

Rechnung ansehen: {{invoice_url}}
{{/invoice_url}}

Alle Rechnungen finden Sie auf der Abrechnungsseite: {{billing_url}}$m$),

('welcome', 'Willkommen bei {{app_name}}', 'Schön, dass Sie da sind.',
$m${{#is_seller}}
{{#is_under_review}}
<p style="{{style.p}}">Ihr Shop <strong>{{shop_name}}</strong> ist bei {{app_name}} registriert. Wir sehen ihn uns an, bevor er öffnet; danach können Sie sich anmelden.</p>
{{/is_under_review}}
{{^is_under_review}}
<p style="{{style.p}}">Ihr Shop <strong>{{shop_name}}</strong> ist auf {{app_name}} geöffnet. Er beginnt mit dem Tarif Free, der nichts kostet.</p>
{{/is_under_review}}
<h2 style="{{style.h2}}">Ihre ersten Schritte</h2>
<ol style="{{style.ul}}">
<li style="{{style.li}}">Fügen Sie Ihre ersten Produkte hinzu.</li>
<li style="{{style.li}}">Legen Sie Öffnungszeiten und Lieferung fest.</li>
<li style="{{style.li}}">Erzählen Sie Ihren Kunden von Ihrem Shop.</li>
</ol>
<p style="{{style.action}}"><a href="{{app_url}}" style="{{colour.button}}">Shop öffnen</a></p>
{{/is_seller}}
{{^is_seller}}
<p style="{{style.p}}">Ihr Konto bei {{app_name}} ist bereit. Entdecken Sie Shops und ihre Produkte, bestellen Sie in wenigen Schritten und verfolgen Sie Ihre Bestellungen.</p>
<p style="{{style.action}}"><a href="{{app_url}}" style="{{colour.button}}">Jetzt einkaufen</a></p>
{{/is_seller}}
<p style="{{style.p}}">Bei Fragen lesen Sie unsere <a href="{{help_url}}" style="{{style.link}}">Hilfeseiten</a> oder <a href="{{contact_url}}" style="{{style.link}}">schreiben Sie uns</a>.</p>
$m$,
$m${{#is_seller}}
{{#is_under_review}}
Ihr Shop {{shop_name}} ist bei {{app_name}} registriert. Wir sehen ihn uns an, bevor er öffnet; danach können Sie sich anmelden.
{{/is_under_review}}
{{^is_under_review}}
Ihr Shop {{shop_name}} ist auf {{app_name}} geöffnet. Er beginnt mit dem Tarif Free, der nichts kostet.
{{/is_under_review}}

Ihre ersten Schritte:
1. Fügen Sie Ihre ersten Produkte hinzu.
2. Legen Sie Öffnungszeiten und Lieferung fest.
3. Erzählen Sie Ihren Kunden von Ihrem Shop.

Shop öffnen: {{app_url}}
{{/is_seller}}
{{^is_seller}}
Ihr Konto bei {{app_name}} ist bereit. Entdecken Sie Shops und ihre Produkte, bestellen Sie in wenigen Schritten und verfolgen Sie Ihre Bestellungen.

Jetzt einkaufen: {{app_url}}
{{/is_seller}}

Bei Fragen lesen Sie unsere Hilfeseiten ({{help_url}}) oder schreiben Sie uns ({{contact_url}}).$m$),

('verification_code', 'Ihr Code für {{app_name}}', '{{#minutes.one}}Er gilt {{minutes.n}} Minute lang.{{/minutes.one}}{{^minutes.one}}Er gilt {{minutes.n}} Minuten lang.{{/minutes.one}}',
$m$<p style="{{style.p}}">Geben Sie diesen Code ein, um Ihre Adresse zu bestätigen:</p>
<p dir="ltr" style="{{style.code}}">{{code}}</p>
<p style="{{style.p}}">{{#minutes.one}}Er gilt {{minutes.n}} Minute lang.{{/minutes.one}}{{^minutes.one}}Er gilt {{minutes.n}} Minuten lang.{{/minutes.one}} Geben Sie ihn niemandem weiter: Wir fragen nie danach.</p>
<p style="{{style.p}}">Haben Sie keinen Code angefordert, brauchen Sie nichts zu tun.</p>
$m$,
$m$Geben Sie diesen Code ein, um Ihre Adresse zu bestätigen: {{code}}

{{#minutes.one}}Er gilt {{minutes.n}} Minute lang.{{/minutes.one}}{{^minutes.one}}Er gilt {{minutes.n}} Minuten lang.{{/minutes.one}} Geben Sie ihn niemandem weiter: Wir fragen nie danach.

Haben Sie keinen Code angefordert, brauchen Sie nichts zu tun.$m$),

('password_reset', 'Passwort zurücksetzen', '{{#minutes.one}}Er gilt {{minutes.n}} Minute lang.{{/minutes.one}}{{^minutes.one}}Er gilt {{minutes.n}} Minuten lang.{{/minutes.one}}',
$m$<p style="{{style.p}}">Jemand, hoffentlich Sie selbst, möchte ein neues Passwort für Ihr Konto festlegen. Geben Sie dazu diesen Code ein:</p>
<p dir="ltr" style="{{style.code}}">{{code}}</p>
<p style="{{style.p}}">{{#minutes.one}}Er gilt {{minutes.n}} Minute lang.{{/minutes.one}}{{^minutes.one}}Er gilt {{minutes.n}} Minuten lang.{{/minutes.one}} Geben Sie ihn niemandem weiter: Wir fragen nie danach.</p>
<p style="{{style.p}}">Waren Sie es nicht, bleibt Ihr Passwort, wie es ist, und Sie brauchen nichts zu tun.</p>
$m$,
$m$Jemand, hoffentlich Sie selbst, möchte ein neues Passwort für Ihr Konto festlegen. Geben Sie dazu diesen Code ein: {{code}}

{{#minutes.one}}Er gilt {{minutes.n}} Minute lang.{{/minutes.one}}{{^minutes.one}}Er gilt {{minutes.n}} Minuten lang.{{/minutes.one}} Geben Sie ihn niemandem weiter: Wir fragen nie danach.

Waren Sie es nicht, bleibt Ihr Passwort, wie es ist, und Sie brauchen nichts zu tun.$m$),

('staff_invited', '{{#has_account}}{{shop_name}} lädt Sie ein{{/has_account}}{{^has_account}}Ihr Mitarbeiterkonto bei {{shop_name}}{{/has_account}}', 'Arbeiten Sie mit {{shop_name}} auf {{app_name}}.',
$m${{#has_account}}
<p style="{{style.p}}"><strong>{{shop_name}}</strong> lädt Sie als Mitarbeiter auf {{app_name}} ein. Für Sie ändert sich nichts, bis Sie annehmen.</p>
<p style="{{style.action}}"><a href="{{app_url}}/seller/invitations/{{shop_id}}" style="{{colour.button}}">Einladung ansehen</a></p>
<p style="{{style.p}}">Kennen Sie diesen Shop nicht, brauchen Sie nichts zu tun.</p>
{{/has_account}}
{{^has_account}}
<p style="{{style.p}}"><strong>{{shop_name}}</strong> hat auf {{app_name}} ein Mitarbeiterkonto für Sie angelegt. Wählen Sie bei der ersten Anmeldung „Passwort vergessen“ mit dieser E-Mail-Adresse, um Ihr Passwort festzulegen.</p>
<p style="{{style.action}}"><a href="{{app_url}}/seller/login" style="{{colour.button}}">Anmelden</a></p>
{{/has_account}}
$m$,
$m${{#has_account}}
{{shop_name}} lädt Sie als Mitarbeiter auf {{app_name}} ein. Für Sie ändert sich nichts, bis Sie annehmen.

Einladung ansehen: {{app_url}}/seller/invitations/{{shop_id}}

Kennen Sie diesen Shop nicht, brauchen Sie nichts zu tun.
{{/has_account}}
{{^has_account}}
{{shop_name}} hat auf {{app_name}} ein Mitarbeiterkonto für Sie angelegt. Wählen Sie bei der ersten Anmeldung „Passwort vergessen“ mit dieser E-Mail-Adresse, um Ihr Passwort festzulegen.

Anmelden: {{app_url}}/seller/login
{{/has_account}}$m$),

('webhook_endpoint_disabled', 'Ein Webhook-Endpunkt von {{shop_name}} wurde abgeschaltet', 'Er ist seit dem {{failing_since}} nicht erreichbar.',
$m$<p style="{{style.p}}">An einen Webhook-Endpunkt von <strong>{{shop_name}}</strong> konnte seit dem {{failing_since}} nichts zugestellt werden. Er wurde abgeschaltet und erhält keine Ereignisse mehr.</p>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.facts}}">
<tr><td style="{{style.fact}}">Endpunkt</td><td dir="ltr" style="{{style.value}}">{{endpoint_url}}</td></tr>
<tr><td style="{{style.fact}}">Gestört seit</td><td style="{{style.value}}">{{failing_since}}</td></tr>
<tr><td style="{{style.fact}}">Letzter Fehler</td><td dir="ltr" style="{{style.value}}">{{last_error}}</td></tr>
</table>
<p style="{{style.p}}">Bringen Sie den Endpunkt in Ordnung, und schalten Sie ihn dann wieder ein. Das Protokoll der Zustellungen zeigt, was fehlt, und kann es erneut senden.</p>
<p style="{{style.action}}"><a href="{{app_url}}/seller/webhooks" style="{{colour.button}}">Endpunkt ansehen</a></p>
$m$,
$m$An einen Webhook-Endpunkt von {{shop_name}} konnte seit dem {{failing_since}} nichts zugestellt werden. Er wurde abgeschaltet und erhält keine Ereignisse mehr.

Endpunkt: {{endpoint_url}}
Letzter Fehler: {{last_error}}

Bringen Sie den Endpunkt in Ordnung, und schalten Sie ihn dann wieder ein. Das Protokoll der Zustellungen zeigt, was fehlt, und kann es erneut senden.
Endpunkt ansehen: {{app_url}}/seller/webhooks$m$)

) s (name, subject, preheader, html, text)
ON CONFLICT (name, locale) DO UPDATE SET subject = excluded.subject, preheader = excluded.preheader, html = excluded.html,
    text = excluded.text, shipped = excluded.shipped, updated_at = now()
WHERE k.shipped = md5(k.subject || k.preheader || k.html || k.text) AND k.shipped <> excluded.shipped;

-- sql/seed/mail_layouts.sql
-- The frame of every mail: one page for all languages, with the words of each.  CSS stands
-- inline, as mail programs want it; nothing depends on images, and nothing on left or
-- right, so that what is written from the right needs no styles of its own.
-- A row that an operator edited stays as he has it.
INSERT INTO qutecart.mail_layouts AS k (locale, html, text, styles, colours, shipped)
SELECT s.*, md5(s.html || s.text || s.styles || s.colours)
FROM (SELECT w.locale,
$m$<!DOCTYPE html>
<html lang="{{locale}}" dir="{{dir}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>{{subject}}</title>
</head>
<body dir="{{dir}}" style="{{style.body}}">
<div style="{{style.preheader}}">{{preheader}}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="{{style.page}}"><tr><td align="center" style="{{style.gutter}}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" dir="{{dir}}" style="{{style.card}}">
<tr><td style="{{colour.header}}">
<p style="{{style.brand}}">{{app_name}}</p>
<h1 style="{{style.title}}">{{subject}}</h1>
</td></tr>
<tr><td style="{{style.content}}">
<p style="{{style.p}}">$m$ || w.hello || $m$</p>
{{{content}}}
<p style="{{style.p}}">$m$ || w.regards || $m$<br>$m$ || w.team || $m$</p>
</td></tr>
<tr><td style="{{style.footer}}">
<p style="{{style.small}}"><a href="{{app_url}}" style="{{style.link}}">{{app_name}}</a>
{{#is_for_shop}}
&nbsp;·&nbsp; <a href="{{plans_url}}" style="{{style.link}}">$m$ || w.plans || $m$</a>
{{/is_for_shop}}
&nbsp;·&nbsp; <a href="{{help_url}}" style="{{style.link}}">$m$ || w.help || $m$</a>
&nbsp;·&nbsp; <a href="{{contact_url}}" style="{{style.link}}">$m$ || w.contact || $m$</a></p>
{{#unsubscribe_url}}
<p style="{{style.small}}">$m$ || w.why || $m$ <a href="{{unsubscribe_url}}" style="{{style.link}}">$m$ || w.unsubscribe || $m$</a></p>
{{/unsubscribe_url}}
<p style="{{style.small}}">© {{year}} {{app_name}}</p>
</td></tr>
</table>
</td></tr></table>
</body>
</html>
$m$ AS html,
$m$$m$ || w.hello || $m$

{{content}}

$m$ || w.regards || $m$
$m$ || w.team || $m$

--
{{app_name}}: {{app_url}}
{{#is_for_shop}}
$m$ || w.plans || $m$: {{plans_url}}
{{/is_for_shop}}
$m$ || w.help || $m$: {{help_url}}
$m$ || w.contact || $m$: {{contact_url}}
{{#unsubscribe_url}}

$m$ || w.why || $m$
$m$ || w.unsubscribe || $m$: {{unsubscribe_url}}
{{/unsubscribe_url}}

© {{year}} {{app_name}}
$m$ AS text
    , (SELECT jsonb_object_agg(y.name, y.css) FROM (VALUES
        ('body', 'margin:0;padding:0;background-color:#f3f4f6;color:#1f2937;font-family:-apple-system,BlinkMacSystemFont,''Segoe UI'',Roboto,''Helvetica Neue'',Arial,''Noto Sans'',sans-serif;'),
        ('preheader', 'display:none;max-height:0;overflow:hidden;font-size:1px;line-height:1px;color:#f3f4f6;'),
        ('page', 'background-color:#f3f4f6;'),
        ('gutter', 'padding:16px 8px;'),
        ('card', 'max-width:600px;background-color:#ffffff;border-radius:8px;overflow:hidden;'),
        ('brand', 'margin:0 0 8px;font-size:14px;line-height:20px;letter-spacing:0.3px;color:#ffffff;'),
        ('title', 'margin:0;font-size:26px;line-height:34px;font-weight:700;color:#ffffff;overflow-wrap:anywhere;'),
        ('content', 'padding:28px 20px 12px;font-size:16px;line-height:26px;color:#1f2937;overflow-wrap:anywhere;'),
        ('footer', 'padding:16px 20px 20px;border-top:1px solid #e5e7eb;background-color:#f9fafb;text-align:center;'),
        ('p', 'margin:0 0 18px;font-size:16px;line-height:26px;'),
        ('small', 'margin:0 0 8px;font-size:13px;line-height:20px;color:#4b5563;'),
        ('link', 'color:#4b5563;text-decoration:underline;'),
        ('h2', 'margin:24px 0 10px;font-size:18px;line-height:26px;font-weight:700;color:#111827;'),
        ('ul', 'margin:0 0 18px;padding:0 22px;'),
        ('li', 'margin:0 0 8px;font-size:16px;line-height:24px;'),
        ('action', 'margin:24px 0;text-align:center;'),
        ('boxed', 'margin:0 0 6px;font-size:16px;line-height:24px;'),
        ('strong', 'margin:0 0 6px;font-size:17px;line-height:25px;font-weight:700;color:#111827;'),
        ('facts', 'margin:0 0 18px;border-collapse:collapse;'),
        ('fact', 'padding:10px 0;border-bottom:1px solid #e5e7eb;font-size:15px;line-height:22px;color:#4b5563;vertical-align:top;'),
        ('value', 'padding:10px 8px;border-bottom:1px solid #e5e7eb;font-size:15px;line-height:22px;font-weight:700;color:#111827;vertical-align:top;overflow-wrap:anywhere;'),
        ('bar', 'margin:6px 0 10px;background-color:#e5e7eb;border-radius:6px;overflow:hidden;'),
        ('rest', 'height:12px;font-size:0;line-height:0;'),
        ('code', 'margin:8px 0 20px;padding:16px 8px;border-radius:8px;background-color:#f3f4f6;text-align:center;font-family:Menlo,Consolas,''Courier New'',monospace;font-size:34px;line-height:42px;font-weight:700;letter-spacing:6px;color:#111827;')
        ) y (name, css)) AS styles
    , (SELECT jsonb_object_agg(c.name, jsonb_build_object(
            'header', 'padding:32px 20px;background-color:' || c.main || ';background-image:linear-gradient(135deg,' || c.main || ' 0%,' || c.deep || ' 100%);text-align:center;',
            'box', 'margin:0 0 20px;padding:16px 16px 10px;border-radius:8px;border-top:4px solid ' || c.main || ';background-color:' || c.soft || ';',
            'button', 'display:inline-block;padding:14px 26px;border-radius:8px;background-color:' || c.deep || ';color:#ffffff;font-size:16px;line-height:22px;font-weight:700;text-decoration:none;',
            'figure', 'margin:0;font-size:52px;line-height:60px;font-weight:700;text-align:center;color:' || c.deep || ';',
            'unit', 'margin:0 0 16px;font-size:18px;line-height:26px;text-align:center;color:' || c.deep || ';',
            'bar', 'height:12px;font-size:0;line-height:0;background-color:' || c.main || ';'))
        FROM (VALUES
        ('violet', '#7c3aed', '#5b21b6', '#f5f3ff'),
        ('red', '#dc2626', '#b91c1c', '#fef2f2'),
        ('orange', '#ea580c', '#c2410c', '#fff7ed'),
        ('amber', '#d97706', '#b45309', '#fffbeb'),
        ('deep_amber', '#b45309', '#92400e', '#fef3c7'),
        ('green', '#15803d', '#166534', '#f0fdf4'),
        ('blue', '#2563eb', '#1e40af', '#eff6ff'),
        ('grey', '#4b5563', '#374151', '#f3f4f6')
        ) c (name, main, deep, soft)) AS colours
FROM (VALUES
        ('en', '{{#to_name}}Hello {{to_name}},{{/to_name}}{{^to_name}}Hello,{{/to_name}}', 'Kind regards,', 'The {{app_name}} team',
            'Plans', 'Help', 'Contact', 'You get this mail because of your shop at {{app_name}}.', 'Unsubscribe'),
        ('de', '{{#to_name}}Hallo {{to_name}},{{/to_name}}{{^to_name}}Hallo,{{/to_name}}', 'Freundliche Grüße', 'Ihr {{app_name}}-Team',
            'Tarife', 'Hilfe', 'Kontakt', 'Sie erhalten diese E-Mail wegen Ihres Shops bei {{app_name}}.', 'Abbestellen'),
        ('ar', '{{#to_name}}مرحبًا {{to_name}}،{{/to_name}}{{^to_name}}مرحبًا،{{/to_name}}', 'مع أطيب التحيات،', 'فريق {{app_name}}',
            'الباقات', 'المساعدة', 'اتصل بنا', 'تصلك هذه الرسالة لأن لديك متجرًا على {{app_name}}.', 'إلغاء الاشتراك'),
        ('bn', '{{#to_name}}নমস্কার {{to_name}},{{/to_name}}{{^to_name}}নমস্কার,{{/to_name}}', 'শুভেচ্ছান্তে,', '{{app_name}} টিম',
            'প্ল্যানসমূহ', 'সহায়তা', 'যোগাযোগ', '{{app_name}}-এ আপনার দোকান থাকায় আপনি এই ইমেইল পাচ্ছেন।', 'সদস্যতা বাতিল করুন')
    ) w (locale, hello, regards, team, plans, help, contact, why, unsubscribe)
) s
ON CONFLICT (locale) DO UPDATE SET html = excluded.html, text = excluded.text, styles = excluded.styles,
    colours = excluded.colours, shipped = excluded.shipped, updated_at = now()
WHERE k.shipped = md5(k.html || k.text || k.styles || k.colours) AND k.shipped <> excluded.shipped;

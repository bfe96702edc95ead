/*
 * extension/import/shopify.c
 *		What the columns of Shopify's product CSV say of a product.
 *
 * The first row of a handle has the product's own columns; every row may be a variant,
 * a picture or both.  "Compare At Price" is the price before a discount, so it becomes
 * the price and the variant's price the discounted one.  A product whose only variant
 * has nothing to say sells as itself.  Stock that is not tracked never runs out;
 * oversold stock is none.
 */
#include "postgres.h"

#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"

#include "extension/catalogue/slug.h"
#include "extension/core/json.h"
#include "extension/core/money.h"
#include "extension/import/shopify.h"

#define UNTRACKED_STOCK 999999
#define MAX_TAGS        250

/* Names of a column: of the older template, and of the newer where it differs. */
static const struct
{
	const char *name;
	const char *newer;
} columns[QC_SHOPIFY_NCOLUMNS] = {
	[QC_SHOPIFY_HANDLE] = {"Handle", "url handle"},
	[QC_SHOPIFY_TITLE] = {"Title", NULL},
	[QC_SHOPIFY_BODY] = {"Body (HTML)", "description"},
	[QC_SHOPIFY_VENDOR] = {"Vendor", NULL},
	[QC_SHOPIFY_TYPE] = {"Type", NULL},
	[QC_SHOPIFY_TAGS] = {"Tags", NULL},
	[QC_SHOPIFY_PUBLISHED] = {"Published", "published on online store"},
	[QC_SHOPIFY_STATUS] = {"Status", NULL},
	[QC_SHOPIFY_OPTION1_NAME] = {"Option1 Name", NULL},
	[QC_SHOPIFY_OPTION1_VALUE] = {"Option1 Value", NULL},
	[QC_SHOPIFY_OPTION2_NAME] = {"Option2 Name", NULL},
	[QC_SHOPIFY_OPTION2_VALUE] = {"Option2 Value", NULL},
	[QC_SHOPIFY_OPTION3_NAME] = {"Option3 Name", NULL},
	[QC_SHOPIFY_OPTION3_VALUE] = {"Option3 Value", NULL},
	[QC_SHOPIFY_SKU] = {"Variant SKU", "sku"},
	[QC_SHOPIFY_BARCODE] = {"Variant Barcode", "barcode"},
	[QC_SHOPIFY_GRAMS] = {"Variant Grams", "weight value (grams)"},
	[QC_SHOPIFY_TRACKER] = {"Variant Inventory Tracker", "inventory tracker"},
	[QC_SHOPIFY_QUANTITY] = {"Variant Inventory Qty", "inventory quantity"},
	[QC_SHOPIFY_PRICE] = {"Variant Price", "price"},
	[QC_SHOPIFY_COMPARE_AT] = {"Variant Compare At Price", "compare-at price"},
	[QC_SHOPIFY_COST] = {"Cost per item", NULL},
	[QC_SHOPIFY_SHIPPING] = {"Variant Requires Shipping", "requires shipping"},
	[QC_SHOPIFY_IMAGE] = {"Image Src", "product image url"},
	[QC_SHOPIFY_IMAGE_ALT] = {"Image Alt Text", NULL},
	[QC_SHOPIFY_GIFT_CARD] = {"Gift Card", NULL},
	[QC_SHOPIFY_SEO_TITLE] = {"SEO Title", NULL},
	[QC_SHOPIFY_SEO_DESCRIPTION] = {"SEO Description", NULL},
	[QC_SHOPIFY_VARIANT_IMAGE] = {"Variant Image", "variant image url"},
};

/* One row's variant, as read. */
typedef struct Variant
{
	const char *options[3];
	char *sku;
	char *barcode;
	char *image;
	char *grams;
	int64 price;
	int64 compare_at; /* 0 = none */
	int64 quantity;
} Variant;

static char *
trimmed(const char *text, size_t len)
{
	while (len > 0 && (unsigned char) *text <= ' ')
		text++, len--;
	while (len > 0 && (unsigned char) text[len - 1] <= ' ')
		len--;
	return len > 0 ? pnstrdup(text, len) : NULL;
}

static QcShopifyColumn
column_of(const char *name)
{
	int column = 0;

	while (column < QC_SHOPIFY_NCOLUMNS &&
		   pg_strcasecmp(name, columns[column].name) != 0 &&
		   (columns[column].newer == NULL ||
			pg_strcasecmp(name, columns[column].newer) != 0))
		column++;
	return column;
}

bool
qc_shopify_read_header(QcShopifyHeader *header, const QcCsv *csv)
{
	QcJson ignored;

	for (int i = 0; i < QC_SHOPIFY_NCOLUMNS; i++)
	{
		header->field[i] = -1;
		header->name[i] = columns[i].name;
	}
	qc_json_init(&ignored);
	qc_json_open(&ignored, NULL, '[');
	for (int i = 0; i < csv->n; i++)
	{
		char *name = trimmed(csv->fields[i].at, csv->fields[i].len);
		QcShopifyColumn column = name ? column_of(name) : QC_SHOPIFY_NCOLUMNS;

		if (column < QC_SHOPIFY_NCOLUMNS && header->field[column] < 0)
		{
			header->field[column] = i;
			header->name[column] = name;
		}
		else if (name != NULL)
			qc_json_text(&ignored, NULL, name);
	}
	qc_json_close(&ignored, ']');
	header->ignored = ignored.out.data;
	return header->field[QC_SHOPIFY_HANDLE] >= 0 ||
		   header->field[QC_SHOPIFY_TITLE] >= 0;
}

static bool
is_in_file(const QcShopifyHeader *header, QcShopifyColumn column)
{
	return header->field[column] >= 0;
}

char *
qc_shopify_column(const QcShopifyHeader *header, const QcCsv *csv,
				  QcShopifyColumn column)
{
	int field = header->field[column];

	return field < 0 || field >= csv->n
			   ? NULL
			   : trimmed(csv->fields[field].at, csv->fields[field].len);
}

char *
qc_shopify_handle(const QcShopifyHeader *header, const QcCsv *csv)
{
	char slug[4 * QC_SLUG_MAX + 1];
	char *text = qc_shopify_column(header, csv, QC_SHOPIFY_HANDLE);

	if (text == NULL)
		text = qc_shopify_column(header, csv, QC_SHOPIFY_TITLE);
	return text ? pstrdup(qc_slug_make(text, slug)) : NULL;
}

void
qc_shopify_begin(QcShopifyProduct *p, const QcProduct *known)
{
	memset(p, 0, sizeof(*p));
	if (known != NULL)
		p->product = *known;
	else
		qc_product_init(&p->product);
	initStringInfo(&p->variants);
	initStringInfo(&p->images);
	appendStringInfoChar(&p->variants, '[');
	appendStringInfoChar(&p->images, '[');
}

/* An amount; absent when empty.  False after a complaint. */
static bool
read_amount(const QcShopifyHeader *header, const QcCsv *csv, QcShopifyColumn column,
			int64 *amount, QcFieldErrors *errors)
{
	const char *text = qc_shopify_column(header, csv, column);
	const char *name = header->name[column];
	QcMoneyVerdict verdict;

	if (text == NULL)
		return true;
	verdict = qc_money_parse(text, amount);
	if (verdict != QC_MONEY_OK)
		qc_fields_add(errors, name, "%s %s", name, qc_money_complaint(verdict));
	else if (*amount < 0)
		qc_fields_add(errors, name, "%s must be at least 0.", name);
	else
		return true;
	return false;
}

/* Pieces in stock; oversold is none. */
static void
read_quantity(const QcShopifyHeader *header, const QcCsv *csv, int64 *quantity,
			  QcFieldErrors *errors)
{
	const char *text = qc_shopify_column(header, csv, QC_SHOPIFY_QUANTITY);
	const char *name = header->name[QC_SHOPIFY_QUANTITY];
	const char *tracker = qc_shopify_column(header, csv, QC_SHOPIFY_TRACKER);
	char *end;
	long n = 0;

	if (text != NULL)
	{
		errno = 0;
		n = strtol(text, &end, 10);
		if (*end == '.')
			end += 1 + strspn(end + 1, "0");
		if (*end != '\0' || errno != 0 || n > INT32_MAX)
		{
			qc_fields_add(errors, name, "%s must be an integer.", name);
			return;
		}
	}
	*quantity = Max(n, 0);
	if (n <= 0 && tracker == NULL && is_in_file(header, QC_SHOPIFY_TRACKER))
		*quantity = UNTRACKED_STOCK;
}

static bool
is_true(const char *text)
{
	return pg_strcasecmp(text, "true") == 0 || pg_strcasecmp(text, "yes") == 0 ||
		   strcmp(text, "1") == 0;
}

static Datum
read_tags(const char *text)
{
	Datum tags[MAX_TAGS];
	int n = 0;

	while (text != NULL && *text != '\0' && n < MAX_TAGS)
	{
		size_t len = strcspn(text, ",");
		char *tag = trimmed(text, len);

		if (tag != NULL)
			tags[n++] = CStringGetTextDatum(tag);
		text += len + (text[len] == ',');
	}
	return PointerGetDatum(construct_array(tags, n, TEXTOID, -1, false, TYPALIGN_INT));
}

/* A column that the file has replaces what is known, also when it is empty. */
static void
take_text(const QcShopifyHeader *header, const QcCsv *csv, QcShopifyColumn column,
		  char **field)
{
	if (is_in_file(header, column))
		*field = qc_shopify_column(header, csv, column);
}

static void
take_publication(QcProduct *product, const QcShopifyHeader *header, const QcCsv *csv)
{
	const char *published = qc_shopify_column(header, csv, QC_SHOPIFY_PUBLISHED);
	const char *status = qc_shopify_column(header, csv, QC_SHOPIFY_STATUS);
	const char *shipping = qc_shopify_column(header, csv, QC_SHOPIFY_SHIPPING);
	const char *gift_card = qc_shopify_column(header, csv, QC_SHOPIFY_GIFT_CARD);

	if (published != NULL || status != NULL)
		product->is_active = (published == NULL || is_true(published)) &&
							 (status == NULL || pg_strcasecmp(status, "active") == 0);
	if (shipping != NULL || gift_card != NULL)
		product->is_digital = (shipping != NULL && !is_true(shipping)) ||
							  (gift_card != NULL && is_true(gift_card));
}

/* The columns that only the first row has. */
static void
take_product(QcShopifyProduct *p, const QcShopifyHeader *header, const QcCsv *csv,
			 QcFieldErrors *errors)
{
	static const QcShopifyColumn names[] = {
		QC_SHOPIFY_OPTION1_NAME, QC_SHOPIFY_OPTION2_NAME, QC_SHOPIFY_OPTION3_NAME};
	QcProduct *product = &p->product;

	take_text(header, csv, QC_SHOPIFY_TITLE, &product->name);
	take_text(header, csv, QC_SHOPIFY_BODY, &product->description);
	take_text(header, csv, QC_SHOPIFY_VENDOR, &product->brand);
	take_text(header, csv, QC_SHOPIFY_TYPE, &product->product_type);
	take_text(header, csv, QC_SHOPIFY_SEO_TITLE, &product->meta_title);
	take_text(header, csv, QC_SHOPIFY_SEO_DESCRIPTION, &product->meta_description);
	if (product->name == NULL)
		qc_fields_add(errors, header->name[QC_SHOPIFY_TITLE], "Title is missing.");
	if (is_in_file(header, QC_SHOPIFY_TAGS))
		product->tags = read_tags(qc_shopify_column(header, csv, QC_SHOPIFY_TAGS));
	(void) read_amount(header, csv, QC_SHOPIFY_COST, &product->buy_price, errors);
	take_publication(product, header, csv);
	for (int i = 0; i < lengthof(names); i++)
		p->option_names[i] = qc_shopify_column(header, csv, names[i]);
}

static bool
is_variant(const QcShopifyHeader *header, const QcCsv *csv)
{
	static const QcShopifyColumn marks[] = {
		QC_SHOPIFY_OPTION1_VALUE, QC_SHOPIFY_OPTION2_VALUE, QC_SHOPIFY_OPTION3_VALUE,
		QC_SHOPIFY_SKU,           QC_SHOPIFY_BARCODE,       QC_SHOPIFY_PRICE};

	for (int i = 0; i < lengthof(marks); i++)
		if (qc_shopify_column(header, csv, marks[i]) != NULL)
			return true;
	return false;
}

static void
read_variant(Variant *v, const QcShopifyHeader *header, const QcCsv *csv,
			 QcFieldErrors *errors)
{
	int64 grams = 0;

	v->options[0] = qc_shopify_column(header, csv, QC_SHOPIFY_OPTION1_VALUE);
	v->options[1] = qc_shopify_column(header, csv, QC_SHOPIFY_OPTION2_VALUE);
	v->options[2] = qc_shopify_column(header, csv, QC_SHOPIFY_OPTION3_VALUE);
	v->sku = qc_shopify_column(header, csv, QC_SHOPIFY_SKU);
	v->barcode = qc_shopify_column(header, csv, QC_SHOPIFY_BARCODE);
	v->image = qc_shopify_column(header, csv, QC_SHOPIFY_VARIANT_IMAGE);
	if (qc_shopify_column(header, csv, QC_SHOPIFY_PRICE) == NULL)
		qc_fields_add(errors, header->name[QC_SHOPIFY_PRICE], "%s is missing.",
					  header->name[QC_SHOPIFY_PRICE]);
	(void) read_amount(header, csv, QC_SHOPIFY_PRICE, &v->price, errors);
	(void) read_amount(header, csv, QC_SHOPIFY_COMPARE_AT, &v->compare_at, errors);
	if (read_amount(header, csv, QC_SHOPIFY_GRAMS, &grams, errors) && grams > 0)
		v->grams = qc_money_text(grams, palloc(QC_MONEY_TEXT));
	read_quantity(header, csv, &v->quantity, errors);
}

/* As qc_parts_write() takes it. */
static void
add_variant(QcShopifyProduct *p, const Variant *v)
{
	static const char *const names[] = {"option1_name", "option2_name", "option3_name"};
	static const char *const values[] = {"option1_value", "option2_value",
										 "option3_value"};
	char amount[QC_MONEY_TEXT];
	QcJson json = {.out = p->variants, .needs_comma = p->nvariants > 0};

	qc_json_open(&json, NULL, '{');
	for (int i = 0; i < 3; i++)
	{
		qc_json_text(&json, names[i], v->options[i] ? p->option_names[i] : NULL);
		qc_json_text(&json, values[i], v->options[i]);
	}
	qc_json_text(&json, "sku", v->sku);
	qc_json_text(&json, "barcode", v->barcode);
	qc_json_text(&json, "image_url", v->image);
	qc_json_raw(&json, "price", qc_money_text(v->price, amount));
	if (v->compare_at > 0)
		qc_json_raw(&json, "compare_at_price", qc_money_text(v->compare_at, amount));
	if (v->grams != NULL)
		qc_json_raw(&json, "weight_grams", v->grams);
	qc_json_int(&json, "quantity", v->quantity);
	qc_json_close(&json, '}');
	p->variants = json.out;
	p->nvariants++;
}

static void
take_variant(QcShopifyProduct *p, const QcShopifyHeader *header, const QcCsv *csv,
			 QcFieldErrors *errors)
{
	Variant v = {0};
	bool is_discounted;

	read_variant(&v, header, csv, errors);
	is_discounted = v.compare_at > v.price;
	if (p->nvariants == 0)
	{
		p->product.price = is_discounted ? v.compare_at : v.price;
		p->product.discount_price = is_discounted ? v.price : 0;
	}
	p->quantity += v.quantity;
	p->has_variant_data |=
		v.sku != NULL || v.barcode != NULL || v.grams != NULL || v.image != NULL ||
		v.options[1] != NULL ||
		(v.options[0] != NULL && strcmp(v.options[0], "Default Title") != 0);
	add_variant(p, &v);
}

/* The first picture is the main one, the others make the gallery. */
static void
take_image(QcShopifyProduct *p, const char *url, const char *alt_text)
{
	QcJson json = {.out = p->images, .needs_comma = p->nimages > 0};

	if (p->first_image == NULL)
	{
		p->first_image = url;
		p->product.thumbnail_url = pstrdup(url);
		p->product.media_id = 0;
		return;
	}
	if (strcmp(url, p->first_image) == 0)
		return;
	qc_json_open(&json, NULL, '{');
	qc_json_text(&json, "url", url);
	qc_json_text(&json, "alt_text", alt_text);
	qc_json_close(&json, '}');
	p->images = json.out;
	p->nimages++;
}

void
qc_shopify_take_row(QcShopifyProduct *p, const QcShopifyHeader *header,
					const QcCsv *csv, QcFieldErrors *errors)
{
	char *image = qc_shopify_column(header, csv, QC_SHOPIFY_IMAGE);

	if (p->nrows++ == 0)
		take_product(p, header, csv, errors);
	if (p->nrows == 1 || is_variant(header, csv))
		take_variant(p, header, csv, errors);
	if (image != NULL)
		take_image(p, image, qc_shopify_column(header, csv, QC_SHOPIFY_IMAGE_ALT));
}

void
qc_shopify_end(QcShopifyProduct *p)
{
	bool sells_as_itself = p->nvariants == 1 && !p->has_variant_data;

	appendStringInfoChar(&p->variants, ']');
	appendStringInfoChar(&p->images, ']');
	p->product.variants = DirectFunctionCall1(
		jsonb_in, CStringGetDatum(sells_as_itself ? "[]" : p->variants.data));
	if (p->first_image != NULL)
		p->product.images =
			DirectFunctionCall1(jsonb_in, CStringGetDatum(p->images.data));
	p->product.quantity = (int32) Min(p->quantity, INT32_MAX);
}

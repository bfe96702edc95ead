/*
 * extension/http/constraints.c
 *		One sentence per constraint: names of tables and others' values stay inside.
 *
 * Handlers check what they can and say it better; what they cannot know, two requests
 * at the same time for instance, ends here.
 */
#include "postgres.h"

#include "extension/http/constraints.h"

static const QcConstraintText texts[] = {
	{"image_has_one_source", "images", "An image needs either a file or an address."},
	{"media_key_is_unique", "file", "The file has already been uploaded."},
	{"media_size_is_positive", "size", "The size field must be greater than 0."},
	{"order_code_is_unique", NULL, "The order number has already been taken."},
	{"order_quantity_is_positive", "quantity",
	 "The quantity field must be greater than 0."},
	{"plan_slug_is_unique", "slug", "The slug has already been taken."},
	{"product_code_is_unique", "code", "The product code already exists."},
	{"product_discount_is_below_the_price", "discount_price",
	 "The discount price must be less than the price."},
	{"product_handle_is_a_slug", "handle", "The handle field is invalid."},
	{"product_handle_is_unique", "handle", "The handle has already been taken."},
	{"product_has_a_name", "name",
	 "The name field must have between 1 and 191 characters."},
	{"product_price_is_positive", "price", "The price field must be at least 0."},
	{"product_stock_is_positive", "quantity", "The quantity field must be at least 0."},
	{"role_name_is_unique", "name", "The name has already been taken."},
	{"shop_has_one_live_subscription", NULL, "The shop has a subscription already."},
	{"shop_has_one_owner", NULL, "The shop has an owner already."},
	{"shop_has_one_subdomain", "subdomain", "The shop has a subdomain already."},
	{"user_email_is_unique", "email", "The email has already been taken."},
	{"user_has_a_contact", "phone", "The phone field is required."},
	{"user_phone_is_unique", "phone", "The phone has already been taken."},
	{"user_social_login_is_unique", "auth_id", "The account is in use already."},
	{"variant_options_are_unique", "options", "Two variants have the same options."},
	{"variant_price_is_positive", "price", "The price field must be at least 0."},
	{"variant_stock_is_positive", "quantity", "The quantity field must be at least 0."},
};

const QcConstraintText *
qc_constraint_text(const char *constraint)
{
	for (int i = 0; i < lengthof(texts); i++)
		if (strcmp(texts[i].constraint, constraint) == 0)
			return &texts[i];
	return NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the claims, encodes, signs. */
#include "mint.h"

#include "base64url.h"
#include "buffer.h"
#include "json_write.h"

static void
write_claim(struct gp_buffer *claims, const char *name, const char *value)
{
	if (value == NULL)
		return;
	gp_buffer_add_text(claims, claims->length == 0 ? "{" : ",");
	gp_json_write_text(claims, name);
	gp_buffer_add_byte(claims, ':');
	gp_json_write_text(claims, value);
}

static void
write_claims(struct gp_buffer *claims, const struct gp_mint_order *order)
{
	write_claim(claims, "sub", order->user_id);
	write_claim(claims, "email", order->email);
	write_claim(claims, "name", order->name);
	write_claim(claims, "iss", order->issuer);
	write_claim(claims, "aud", order->audience);
	gp_buffer_add_text(claims, ",\"iat\":");
	gp_buffer_add_integer(claims, order->now_s);
	gp_buffer_add_text(claims, ",\"exp\":");
	gp_buffer_add_integer(claims, order->now_s + order->lifetime_s);
	for (size_t i = 0; i < order->claim_count; i++)
		write_claim(claims, order->claims[i].name, order->claims[i].value);
	/* Better Auth's own verification tokens have the same key and no such claim. */
	write_claim(claims, "type", "access");
	gp_buffer_add_byte(claims, '}');
}

enum gp_outcome
gp_mint(struct gp_arena *arena, struct gp_key_ring *ring, const struct gp_mint_order *order,
    const char **token)
{
	static const char header[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
	unsigned char signature[GP_HS256_SIZE];
	struct gp_buffer claims, text;
	enum gp_outcome outcome;

	gp_buffer_init(&claims, arena);
	gp_buffer_init(&text, arena);
	write_claims(&claims, order);
	gp_base64url_add(&text, header, sizeof(header) - 1);
	gp_buffer_add_byte(&text, '.');
	if (!gp_buffer_complete(&claims) || !gp_buffer_complete(&text))
		return GP_ERR_MEMORY;
	gp_base64url_add(&text, claims.bytes, claims.length);
	if (!gp_buffer_complete(&text))
		return GP_ERR_MEMORY;
	outcome = gp_key_ring_sign(ring, text.bytes, text.length, signature);
	if (outcome != GP_OK)
		return outcome;
	gp_buffer_add_byte(&text, '.');
	gp_base64url_add(&text, signature, sizeof(signature));
	gp_buffer_add_byte(&text, '\0');
	if (!gp_buffer_complete(&text))
		return GP_ERR_MEMORY;
	*token = text.bytes;
	return GP_OK;
}

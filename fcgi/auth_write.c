/* SPDX-License-Identifier: Apache-2.0 */
/* Users and sessions between rows and JSON, in the order of members that Better Auth has. */
#include "auth.h"
#include "json_write.h"

static void
write_member(struct gp_buffer *text, const char *lead, const char *value)
{
	gp_buffer_add_text(text, lead);
	gp_json_write_text(text, value);
}

static void
write_time(struct gp_buffer *text, const char *lead, int64_t time_us)
{
	gp_buffer_add_text(text, lead);
	gp_json_write_time_ms(text, time_us);
}

void
gp_auth_write_user_members(struct gp_buffer *text, const struct gp_user *user)
{
	write_member(text, "\"name\":", user->name);
	write_member(text, ",\"email\":", user->email);
	gp_buffer_add_text(text, ",\"emailVerified\":");
	gp_json_write_bool(text, user->email_verified);
	write_member(text, ",\"image\":", user->image);
	write_time(text, ",\"createdAt\":", user->created_us);
	write_time(text, ",\"updatedAt\":", user->updated_us);
	write_member(text, ",\"id\":", user->id);
}

void
gp_auth_write_user(struct gp_buffer *text, const struct gp_user *user)
{
	gp_buffer_add_byte(text, '{');
	gp_auth_write_user_members(text, user);
	gp_buffer_add_byte(text, '}');
}

void
gp_auth_write_session(struct gp_buffer *text, const struct gp_session *session)
{
	write_time(text, "{\"expiresAt\":", session->expires_us);
	write_member(text, ",\"token\":", session->token);
	write_time(text, ",\"createdAt\":", session->created_us);
	write_time(text, ",\"updatedAt\":", session->updated_us);
	write_member(text, ",\"ipAddress\":", session->ip_address);
	write_member(text, ",\"userAgent\":", session->user_agent);
	write_member(text, ",\"userId\":", session->user_id);
	write_member(text, ",\"id\":", session->id);
	gp_buffer_add_byte(text, '}');
}

enum gp_outcome
gp_auth_read_text(
    struct gp_arena *arena, const struct gp_rows *rows, int row, int column, const char **text)
{
	size_t length;
	const char *value = gp_rows_text(rows, row, column, &length);

	*text = value != NULL ? gp_arena_copy(arena, value, length) : NULL;
	return value == NULL || *text != NULL ? GP_OK : GP_ERR_MEMORY;
}

/* Several texts in a row of columns. */
static enum gp_outcome
read_texts(struct gp_arena *arena, const struct gp_rows *rows, int row, int column,
    const char **const *texts, size_t count)
{
	enum gp_outcome outcome = GP_OK;

	for (size_t i = 0; i < count && outcome == GP_OK; i++)
		outcome = gp_auth_read_text(arena, rows, row, column + (int)i, texts[i]);
	return outcome;
}

enum gp_outcome
gp_auth_read_user(
    struct gp_arena *arena, const struct gp_rows *rows, int row, int column, struct gp_user *user)
{
	const char **const texts[] = { &user->id, &user->name, &user->email };
	enum gp_outcome outcome = read_texts(arena, rows, row, column, texts, GP_COUNT(texts));

	if (outcome == GP_OK)
		outcome = gp_auth_read_text(arena, rows, row, column + 4, &user->image);
	if (outcome != GP_OK)
		return outcome;
	user->email_verified = gp_rows_bool(rows, row, column + 3);
	user->created_us = gp_rows_time_us(rows, row, column + 5);
	user->updated_us = gp_rows_time_us(rows, row, column + 6);
	return gp_rows_sound(rows) && user->id != NULL ? GP_OK : GP_ERR_INTERNAL;
}

enum gp_outcome
gp_auth_read_session(struct gp_arena *arena, const struct gp_rows *rows, int row, int column,
    struct gp_session *session)
{
	const char **const texts[] = { &session->id, &session->token, &session->user_id,
		&session->ip_address, &session->user_agent };
	enum gp_outcome outcome = read_texts(arena, rows, row, column, texts, GP_COUNT(texts));

	if (outcome != GP_OK)
		return outcome;
	session->expires_us = gp_rows_time_us(rows, row, column + 5);
	session->created_us = gp_rows_time_us(rows, row, column + 6);
	session->updated_us = gp_rows_time_us(rows, row, column + 7);
	return gp_rows_sound(rows) && session->token != NULL ? GP_OK : GP_ERR_INTERNAL;
}

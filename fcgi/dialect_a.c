/* SPDX-License-Identifier: Apache-2.0 */
/* Its wording and what its tasks look like. */
#include "dialect_a.h"

#include "task.h"

static void
write_task(struct gp_buffer *body, const struct gp_rows *rows, int row)
{
	const unsigned char *uuid = gp_rows_uuid(rows, row, GP_TASK_UUID);
	const char *text;
	size_t length;

	if (uuid == NULL)
		return; /* never null in a task: the rows are unsound, and the handler asks for that
			 */
	gp_buffer_add_text(body, "{\"id\":");
	gp_json_write_uuid(body, uuid);
	gp_buffer_add_text(body, ",\"user_id\":");
	text = gp_rows_text(rows, row, GP_TASK_USER_ID, &length);
	gp_json_write_string(body, text, length);
	gp_buffer_add_text(body, ",\"text\":");
	text = gp_rows_text(rows, row, GP_TASK_TITLE, &length);
	gp_json_write_string(body, text, length);
	gp_buffer_add_text(body, ",\"description\":");
	text = gp_rows_text(rows, row, GP_TASK_DESCRIPTION, &length);
	if (text != NULL)
		gp_json_write_string(body, text, length);
	else
		gp_buffer_add_text(body, "null");
	gp_buffer_add_text(body, ",\"completed\":");
	gp_json_write_bool(body, gp_rows_bool(rows, row, GP_TASK_COMPLETED));
	gp_buffer_add_text(body, ",\"created_at\":");
	gp_json_write_time(body, gp_rows_time_us(rows, row, GP_TASK_CREATED_AT));
	gp_buffer_add_text(body, ",\"updated_at\":");
	gp_json_write_time(body, gp_rows_time_us(rows, row, GP_TASK_UPDATED_AT));
	gp_buffer_add_byte(body, '}');
}

const struct gp_dialect gp_dialect_a = {
	.name = "a",
	.sentences = {
		[GP_PHRASE_NO_CREDENTIAL] = { "Authentication required", false },
		[GP_PHRASE_TOKEN_EXPIRED] = { "Token has expired", false },
		[GP_PHRASE_TOKEN_INVALID] = { "Invalid token: ", true },
		[GP_PHRASE_SUBJECT_MISSING] = { "Invalid token: missing user ID", false },
		[GP_PHRASE_ROW_ABSENT] = { "Task not found", false },
		[GP_PHRASE_ROW_FOREIGN] = { "Access denied", false },
	},
	.title_member = "text",
	.write_task = write_task,
};

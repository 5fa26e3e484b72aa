// SPDX-License-Identifier: Apache-2.0
// The todos of gatepost at /api/v1/todos, with a JWT.
import { contentOf, type Task } from "@/lib/answer";
import { fetchWithAuth } from "@/lib/fetch-with-auth";

const path = "/api/v1/todos";

async function ask<Content>(place: string, method: string, content?: object): Promise<Content> {
	return contentOf(await fetchWithAuth(place, { method, body: content && JSON.stringify(content) }));
}

export const todos = {
	list: () => ask<Task[]>(path, "GET"),
	add: (title: string) => ask<Task>(path, "POST", { title }),
	tick: ({ id, completed }: Task) => ask<Task>(`${path}/${id}`, "PATCH", { completed: !completed }),
	remove: ({ id }: Task) => ask<void>(`${path}/${id}`, "DELETE"),
};

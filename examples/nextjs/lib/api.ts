// SPDX-License-Identifier: Apache-2.0
// The tasks of gatepost at /api/{user_id}/tasks, with the token of Better Auth's session. gatepost looks it
// up, so that it ends with the session.
import { address, contentOf, goToLogin, type Task } from "@/lib/answer";
import { getSession } from "@/lib/auth-client";

class ApiClient {
	private async getAuthToken(): Promise<string | null> {
		const { data } = await getSession();
		return data?.session.token ?? null;
	}

	async request<Content>(endpoint: string, options: RequestInit = {}): Promise<Content> {
		const token = await this.getAuthToken();
		const headers = new Headers(options.headers);
		if (options.body) headers.set("Content-Type", "application/json");
		if (token) headers.set("Authorization", `Bearer ${token}`);
		const answer = await fetch(`${address}${endpoint}`, { ...options, headers });
		if (answer.status === 401) {
			goToLogin();
			throw new Error("Your session has ended.");
		}
		return contentOf(answer);
	}

	getTasks(userId: string) {
		return this.request<Task[]>(`/api/${userId}/tasks`);
	}

	createTask(userId: string, taskData: { title: string }) {
		return this.request<Task>(`/api/${userId}/tasks`, { method: "POST", body: JSON.stringify(taskData) });
	}

	updateTask(userId: string, taskId: number, taskData: Partial<Task>) {
		return this.request<Task>(`/api/${userId}/tasks/${taskId}`, { method: "PUT", body: JSON.stringify(taskData) });
	}

	deleteTask(userId: string, taskId: number) {
		return this.request<Task>(`/api/${userId}/tasks/${taskId}`, { method: "DELETE" });
	}

	toggleTaskCompletion(userId: string, taskId: number) {
		return this.request<Task>(`/api/${userId}/tasks/${taskId}/complete`, { method: "PATCH" });
	}
}

export const api = new ApiClient();

/** The same deeds as lib/todos.ts has. */
export const tasksOf = (userId: string) => ({
	list: () => api.getTasks(userId),
	add: (title: string) => api.createTask(userId, { title }),
	tick: ({ id }: Task) => api.toggleTaskCompletion(userId, id),
	remove: ({ id }: Task) => api.deleteTask(userId, id),
});

// SPDX-License-Identifier: Apache-2.0
// One user's tasks as their author changes them, and what a client has to be told of it.
import assert from "node:assert/strict";
import { ask } from "./api.mjs";
import { tokenFor } from "./token.mjs";

/** A task that is reached by its UUID at /tasks. */
const byUuid = {
	create: (author, title, description) => ask("POST", "/tasks", author.token, { text: title, description }),
	rename: (author, task, title) => ask("PATCH", `/tasks/${task.key}`, author.token, { text: title }),
	complete: (author, task, completed) => ask("PATCH", `/tasks/${task.key}`, author.token, { completed }),
	remove: (author, task) => ask("DELETE", `/tasks/${task.key}`, author.token),
	keyOf: (message) => message.uuid,
};

/** A task that is reached by its number at /api/{user}/tasks. */
const byNumber = {
	create: (author, title, description) => ask("POST", `/api/${author.user}/tasks`, author.token, { title, description }),
	rename: (author, task, title) => ask("PUT", `/api/${author.user}/tasks/${task.key}`, author.token, { title }),
	complete: (author, task) => ask("PATCH", `/api/${author.user}/tasks/${task.key}/complete`, author.token),
	remove: (author, task) => ask("DELETE", `/api/${author.user}/tasks/${task.key}`, author.token),
	keyOf: (message) => message.id,
};

export class Author {
	constructor(user, random) {
		this.user = user;
		this.token = tokenFor(user);
		this.random = random;
		this.history = []; // { type, task, state }: state is the number of task.states after it, null when it is gone
		this.tasks = []; // those that are there
		this.made = 0;
	}

	/** One change, of which the history has an entry as soon as it is answered. */
	async change() {
		const roll = this.random.below(100);
		if (this.tasks.length === 0 || roll < 35) return this.create();
		const task = this.random.pick(this.tasks);
		if (roll < 60) return this.rename(task);
		if (roll < 82) return this.complete(task);
		return this.remove(task);
	}

	async create() {
		const reach = this.random.once(2) ? byUuid : byNumber;
		const title = `task ${++this.made} of ${this.user}`;
		const description = this.random.once(2) ? null : `"quoted" \u00e4\u20ac\u{1f600} ${"x".repeat(this.random.below(200))}`;
		const answer = await this.done(reach.create(this, title, description));
		const task = { reach, key: answer.id, states: [{ title, description, completed: false }], gone: false };
		assert.ok(task.key, "an answer without id");
		this.tasks.push(task);
		this.history.push({ type: "task.created", task, state: 0 });
	}

	async rename(task) {
		const title = `task ${task.key}, ${task.states.length}`;
		await this.done(task.reach.rename(this, task, title));
		this.told("task.updated", task, { ...task.states.at(-1), title });
	}

	async complete(task) {
		const completed = !task.states.at(-1).completed;
		await this.done(task.reach.complete(this, task, completed));
		this.told(completed ? "task.completed" : "task.updated", task, { ...task.states.at(-1), completed });
	}

	async remove(task) {
		await this.done(task.reach.remove(this, task));
		task.gone = true;
		this.tasks.splice(this.tasks.indexOf(task), 1);
		this.history.push({ type: "task.deleted", task, state: null });
	}

	/** An attempt on a task of another user: nobody is told. */
	async intrude(victim) {
		const task = victim.tasks.find((each) => each.reach === byUuid);
		if (victim === this || task === undefined) return;
		const { status } = await byUuid.rename(this, task, "taken over");
		assert.ok(status === 403 || status === 404, `somebody else's task: ${status}`);
	}

	told(type, task, state) {
		task.states.push(state);
		this.history.push({ type, task, state: task.states.length - 1 });
	}

	async done(request) {
		const { status, text } = await request;
		assert.ok(status >= 200 && status <= 204, `${status} ${text}`);
		return text ? JSON.parse(text) : null;
	}
}

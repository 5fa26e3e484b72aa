// SPDX-License-Identifier: Apache-2.0
//
// A page of tasks as it is to be shown: what the server has said, and on top of it what was changed here and is
// still on its way. A change that fails is taken off again, and what the server has said shows. Knows nothing of
// the document or the network.

export const pageSize = 20;

const filters = {
	all: () => true,
	open: (task) => !task.completed,
	done: (task) => task.completed,
};

export class TaskList {
	#tasks = []; // as the server has them: newest first, at most a page
	#changes = []; // on their way: { id, kind: "add" | "edit" | "remove", fields }
	#gone = new Set(); // deleted tasks, of whom older news may still come
	#fits;
	#isFirstPage;
	#added = 0; // names of tasks that have no id yet

	constructor(show, isFirstPage) {
		this.#fits = filters[show];
		this.#isFirstPage = isFirstPage;
	}

	// --- what the server says ---

	replace(tasks) {
		this.#tasks = tasks.filter(({ id }) => !this.#gone.has(id));
	}

	// A task as an answer or a message has it. Returns whether one fell off the end of the page for it.
	put(task) {
		if (this.#gone.has(task.id)) return false;
		const known = this.#tasks.find(({ id }) => id === task.id);
		if (known && known.updated_at > task.updated_at) return false; // older than what is shown
		this.#drop(task.id);
		if (!this.#fits(task) || (!known && !this.#isFirstPage)) return false;
		this.#tasks.push(task);
		this.#tasks.sort(newestFirst);
		return this.#tasks.splice(pageSize).length > 0;
	}

	remove(id) {
		this.#gone.add(id);
		this.#drop(id);
	}

	#drop(id) {
		this.#tasks = this.#tasks.filter((task) => task.id !== id);
	}

	// --- what is changed here ---

	// Each returns the change, to be ended when the server has answered.
	add(fields) {
		this.#added += 1;
		return this.#begin({ kind: "add", id: `new ${this.#added}`, fields: { completed: false, ...fields } });
	}

	edit(id, fields) {
		return this.#begin({ kind: "edit", id, fields });
	}

	delete(id) {
		return this.#begin({ kind: "remove", id });
	}

	#begin(change) {
		this.#changes.push(change);
		return change;
	}

	end(change) {
		this.#changes = this.#changes.filter((each) => each !== change);
	}

	// --- what is shown ---

	shown() {
		let tasks = this.#tasks;
		for (const change of this.#changes) tasks = apply(tasks, change);
		return tasks.filter(this.#fits);
	}
}

function apply(tasks, { kind, id, fields }) {
	switch (kind) {
	case "add":
		return [{ id, ...fields, isNew: true }, ...tasks];
	case "edit":
		return tasks.map((task) => (task.id === id ? { ...task, ...fields } : task));
	default:
		return tasks.filter((task) => task.id !== id);
	}
}

// The order of the API. The times have the same number of digits, so they compare as text.
function newestFirst(a, b) {
	if (a.created_at !== b.created_at) return a.created_at < b.created_at ? 1 : -1;
	return b.id - a.id;
}

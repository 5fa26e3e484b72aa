// SPDX-License-Identifier: Apache-2.0
"use client";

import { useEffect, useId, useState, type FormEvent } from "react";
import type { Task } from "@/lib/answer";

type Source = {
	list(): Promise<Task[]>;
	add(title: string): Promise<unknown>;
	tick(task: Task): Promise<unknown>;
	remove(task: Task): Promise<unknown>;
};
type Properties = { title: string; path: string; source: Source; changes: number; onChange(): void };

// fetch() says no more than that it failed when no answer comes.
const wordsFor = (error: unknown) =>
	error instanceof Error && !(error instanceof TypeError) ? error.message : "The server cannot be reached.";

/** changes: how many there have been; the list is read again when it grows */
export function TaskList({ title, path, source, changes, onChange }: Properties) {
	const [tasks, setTasks] = useState<Task[] | null>(null);
	const [draft, setDraft] = useState("");
	const [error, setError] = useState("");
	const id = useId();

	useEffect(() => {
		let isCurrent = true; // an answer that comes after the next question is no longer wanted
		source.list().then(
			(list) => isCurrent && setTasks(list),
			(problem) => isCurrent && setError(wordsFor(problem)),
		);
		return () => {
			isCurrent = false;
		};
	}, [source, changes]);

	async function attempt(deed: Promise<unknown>): Promise<boolean> {
		setError("");
		try {
			await deed;
			return true;
		} catch (problem) {
			setError(wordsFor(problem));
			return false;
		} finally {
			onChange(); // after a failure, too: the list may not be what the server has
		}
	}

	async function add(event: FormEvent) {
		event.preventDefault();
		if (await attempt(source.add(draft))) setDraft("");
	}

	return (
		<section aria-labelledby={`${id}-title`}>
			<h2 id={`${id}-title`}>{title}</h2>
			<p>
				<code>{path}</code>
			</p>
			{error && <p role="alert">{error}</p>}
			<form onSubmit={add}>
				<label htmlFor={`${id}-draft`}>New task</label>
				<input id={`${id}-draft`} value={draft} onChange={(event) => setDraft(event.target.value)} required />
				<button type="submit">Add</button>
			</form>
			{tasks?.length === 0 && <p>No tasks yet.</p>}
			<ul>
				{tasks?.map((task) => (
					<li key={task.id}>
						<label>
							<input type="checkbox" checked={task.completed} onChange={() => attempt(source.tick(task))} />
							{task.title}
						</label>
						<button onClick={() => attempt(source.remove(task))} aria-label={`Delete ${task.title}`}>
							Delete
						</button>
					</li>
				))}
			</ul>
		</section>
	);
}

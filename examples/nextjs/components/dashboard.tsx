// SPDX-License-Identifier: Apache-2.0
// The same tasks twice, reached in two ways; what one list changes the other one reads again.
"use client";

import { useMemo, useState } from "react";
import { TaskList } from "@/components/task-list";
import { goToLogin } from "@/lib/answer";
import { tasksOf } from "@/lib/api";
import { signOut } from "@/lib/auth-client";
import { todos } from "@/lib/todos";

export function Dashboard({ user }: { user: { id: string; name: string; email: string } }) {
	const [changes, setChanges] = useState(0);
	const [error, setError] = useState("");
	const tasks = useMemo(() => tasksOf(user.id), [user.id]);
	const changed = () => setChanges((count) => count + 1);

	async function leave() {
		const { error: problem } = await signOut();
		if (problem) setError("Sign-out failed");
		else goToLogin();
	}

	return (
		<main>
			<header>
				<h1>Tasks</h1>
				<p>
					{user.name} ({user.email})
				</p>
				<button onClick={leave}>Sign out</button>
			</header>
			{error && <p role="alert">{error}</p>}
			<TaskList title="With a JWT" path="/api/v1/todos" source={todos} changes={changes} onChange={changed} />
			<TaskList title="With the session token" path={`/api/${user.id}/tasks`} source={tasks} changes={changes} onChange={changed} />
		</main>
	);
}

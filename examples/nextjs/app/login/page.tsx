// SPDX-License-Identifier: Apache-2.0
"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState, type FormEvent } from "react";
import { signIn } from "@/lib/auth-client";

export default function LoginPage() {
	const [email, setEmail] = useState("");
	const [password, setPassword] = useState("");
	const [error, setError] = useState("");
	const router = useRouter();

	async function handleLogin(event: FormEvent) {
		event.preventDefault();
		setError("");
		try {
			const { error: problem } = await signIn.email({ email, password });
			if (!problem) router.push("/dashboard");
			else if (problem.status === 401) setError("Invalid credentials");
			else if (problem.status === 429) setError("Too many attempts. Try again later.");
			else setError("Login failed");
		} catch {
			setError("Login failed");
		}
	}

	return (
		<main className="narrow">
			<form onSubmit={handleLogin}>
				<h1>Sign In</h1>
				{error && <p role="alert">{error}</p>}
				<input
					type="email"
					aria-label="Email"
					autoComplete="username"
					value={email}
					onChange={(event) => setEmail(event.target.value)}
					placeholder="Email"
					required
				/>
				<input
					type="password"
					aria-label="Password"
					autoComplete="current-password"
					value={password}
					onChange={(event) => setPassword(event.target.value)}
					placeholder="Password"
					required
				/>
				<button type="submit">Sign In</button>
			</form>
			<p>
				No account yet? <Link href="/sign-up">Sign up</Link>
			</p>
		</main>
	);
}

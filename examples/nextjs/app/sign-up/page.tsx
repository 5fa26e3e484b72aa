// SPDX-License-Identifier: Apache-2.0
"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState, type FormEvent } from "react";
import { signUp } from "@/lib/auth-client";

export default function SignUpPage() {
	const [error, setError] = useState("");
	const router = useRouter();

	async function handleSignUp(event: FormEvent<HTMLFormElement>) {
		event.preventDefault();
		setError("");
		const fields = new FormData(event.currentTarget);
		const field = (name: string) => String(fields.get(name));
		try {
			const { error: problem } = await signUp.email({ name: field("name"), email: field("email"), password: field("password") });
			if (!problem) router.push("/dashboard");
			else setError(problem.message || "Sign-up failed");
		} catch {
			setError("Sign-up failed");
		}
	}

	return (
		<main className="narrow">
			<form onSubmit={handleSignUp}>
				<h1>Sign Up</h1>
				{error && <p role="alert">{error}</p>}
				<input name="name" aria-label="Name" autoComplete="name" placeholder="Name" required />
				<input name="email" type="email" aria-label="Email" autoComplete="username" placeholder="Email" required />
				<input
					name="password"
					type="password"
					aria-label="Password"
					aria-describedby="hint"
					autoComplete="new-password"
					placeholder="Password"
					minLength={8}
					maxLength={128}
					required
				/>
				<p id="hint">At least 8 characters.</p>
				<button type="submit">Sign Up</button>
			</form>
			<p>
				There is an account already? <Link href="/login">Sign in</Link>
			</p>
		</main>
	);
}

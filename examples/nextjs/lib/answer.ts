// SPDX-License-Identifier: Apache-2.0
// What gatepost answered: where it is, its JSON, or what it says is wrong.
export const address = process.env.NEXT_PUBLIC_API_URL || "http://127.0.0.1:8080";

/** A task as all of gatepost's APIs have it; some tell more. */
export type Task = { id: number; title: string; completed: boolean };

/** Undefined for an answer without a body. */
export async function contentOf<Content>(answer: Response): Promise<Content> {
	if (!answer.ok) throw new Error(await complaint(answer));
	return answer.status === 204 ? (undefined as Content) : answer.json();
}

async function complaint(answer: Response): Promise<string> {
	const { detail } = await answer.json().catch(() => ({}));
	if (Array.isArray(detail)) return detail.map(({ msg }) => msg).join("; "); // 422 names every fault
	return typeof detail === "string" ? detail : `The server answered ${answer.status}.`;
}

/** Gone for good, with all that the page remembers of the session. */
export function goToLogin() {
	window.location.assign("/login");
}

// SPDX-License-Identifier: Apache-2.0
// Answers that are judged together, and how what is wrong with them is told.

export class Group {
	answers = 0;
	wrong = 0;
	entries = new Set();
	found = new Map(); // each complaint with what it is about

	add(exchange, { complaints, entry }) {
		this.answers++;
		this.entries.add(entry);
		if (complaints.length) this.wrong++;
		for (const complaint of complaints) this.found.set(complaint, [...(this.found.get(complaint) ?? []), exchange]);
	}

	get summary() {
		return `${this.answers} answers${this.wrong ? `, of which ${this.wrong} are not as the document says` : ""}`;
	}

	get complaints() {
		return [...this.found].map(([complaint, about]) => {
			const times = about.length > 1 ? `${about.length} times, first ` : "";
			return `${complaint}\n    ${times}${storyOf(about[0])}`;
		});
	}
}

/** What was asked and answered, short enough to be read. */
export function storyOf({ line, request, answer }) {
	const cut = (text) => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
	const asked = `${request.method} ${cut(request.target)} ${cut(request.body.bytes.toString())}`.trim();
	return `on line ${line}: ${asked} -> ${answer.status} ${cut(answer.body.bytes.toString())}`.trim();
}

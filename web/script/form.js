// SPDX-License-Identifier: Apache-2.0
//
// What all forms here do: one sending at a time, and its outcome in the page's box for errors or for news,
// both of which a screen reader speaks.

import { Failure, tryAgain } from "./client.js";

const alertBox = document.querySelector("[role=alert]");
const statusBox = document.querySelector("main [role=status]");

export function showError(sentence) {
	say(alertBox, sentence);
	say(statusBox, "");
}

export function showStatus(sentence) {
	say(statusBox, sentence);
	say(alertBox, "");
}

function say(box, sentence) {
	if (box) box.textContent = sentence;
}

// send(fields) does the work. Its failure is shown in the words of sentences: by the answer's code, else by its
// status, else as "other", else in the failure's own words.
export function onSubmit(form, sentences, send) {
	let sending = false;
	form.addEventListener("submit", async (event) => {
		event.preventDefault();
		if (sending) return;
		sending = true;
		// Not disabled, which would take the focus away.
		const button = event.submitter ?? form.querySelector("button");
		button.setAttribute("aria-disabled", "true");
		showError("");
		try {
			await send(Object.fromEntries(new FormData(form)));
		} catch (failure) {
			showError(explain(failure, sentences));
		} finally {
			sending = false;
			button.removeAttribute("aria-disabled");
		}
	});
}

// Every page's words for a failure that is not its own.
const common = {
	429: ({ retryAfter }) => `Too many attempts. ${tryAgain(retryAfter)}`,
	INVALID_ORIGIN: "This address is not the site's own, so it cannot sign you in.",
	MISSING_OR_NULL_ORIGIN: "This address is not the site's own, so it cannot sign you in.",
	PASSWORD_TOO_SHORT: "The password is too short: it needs at least 8 characters.",
	PASSWORD_TOO_LONG: "The password is too long: 128 characters are the most.",
	INVALID_EMAIL: "This is not an e-mail address.",
};

export function explain(failure, sentences = {}) {
	if (!(failure instanceof Failure)) {
		reportError(failure); // to the console: it is a mistake of this page
		return "There is a mistake in this page.";
	}
	const own = sentences[failure.code] ?? common[failure.code] ?? sentences[failure.status] ?? common[failure.status];
	const sentence = own ?? sentences.other ?? failure.message;
	return typeof sentence === "function" ? sentence(failure) : sentence;
}

// SPDX-License-Identifier: Apache-2.0
//
// A forgotten password: ask for a link by mail, and choose a new password where the link leads.

import { askAuth, leaveFor } from "./client.js";
import { onSubmit, showError, showStatus } from "./form.js";

const query = new URLSearchParams(location.search);
const token = query.get("token");
const [ask, choose] = document.querySelectorAll("main > section");

// A token is as good as a password: not in the address bar, the history or a bookmark.
history.replaceState(null, "", location.pathname);

onSubmit(
	ask.querySelector("form"),
	{ RESET_PASSWORD_DISABLED: "This site sends no mail, so nobody can reset a password here." },
	async ({ email }) => {
		await askAuth("POST", "/request-password-reset", { email, redirectTo: "/reset-password/" });
		showStatus("If there is an account for that address, a link is on its way.");
	},
);

onSubmit(
	choose.querySelector("form"),
	{ INVALID_TOKEN: "This link does not work any more. Ask for a new one." },
	async ({ password }) => {
		try {
			await askAuth("POST", "/reset-password", { newPassword: password, token });
		} catch (failure) {
			if (failure.code === "INVALID_TOKEN") show(ask);
			throw failure;
		}
		return leaveFor("/login/?reset");
	},
);

function show(section) {
	ask.hidden = section !== ask;
	choose.hidden = section !== choose;
	document.title = section.querySelector("h1").textContent;
}

if (token) show(choose);
else if (query.has("error")) {
	showError("This link does not work any more. Ask for a new one.");
}

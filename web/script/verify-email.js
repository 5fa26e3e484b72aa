// SPDX-License-Identifier: Apache-2.0
//
// Where the link of a mail that proves an address ends, after gatepost-auth.fcgi has judged it.

import { askAuth } from "./client.js";
import { onSubmit, showError, showStatus } from "./form.js";

const query = new URLSearchParams(location.search);
const again = document.querySelector("form");

onSubmit(
	again,
	{ VERIFICATION_EMAIL_NOT_ENABLED: "This site sends no mail." },
	async ({ email }) => {
		await askAuth("POST", "/send-verification-email", { email, callbackURL: "/verify-email/" });
		showStatus("If this address is waiting to be confirmed, a link is on its way.");
	},
);

if (query.has("error")) {
	showError("This link does not work any more.");
	again.hidden = false;
} else {
	showStatus("Your address is confirmed.");
	document.querySelector("main a").hidden = false;
}

// SPDX-License-Identifier: Apache-2.0
//
// Making an account, which signs in as well unless the address has to be confirmed first.

import { askAuth } from "./client.js";
import { onSubmit, showStatus } from "./form.js";

const form = document.querySelector("form");

onSubmit(
	form,
	{
		USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: "There is an account for this address already.",
		EMAIL_PASSWORD_SIGN_UP_DISABLED: "Nobody can sign up here.",
		other: "Sign-up failed",
	},
	async ({ name, email, password }) => {
		const { token } = await askAuth("POST", "/sign-up/email", { name, email, password, callbackURL: "/verify-email/" });
		if (token) {
			location.replace("/");
			return;
		}
		form.hidden = true;
		showStatus(`Look into your mail: we have sent a link to ${email}.`);
	},
);

// SPDX-License-Identifier: Apache-2.0
// One line for each thing that was judged, and below it what is wrong.

const most_complaints = 20; // of one thing

export class Report {
	failed = 0;

	/** complaints: sentences, [] when all is well */
	check(title, complaints) {
		console.log(`${complaints.length ? "not ok" : "ok"} - ${title}`);
		for (const complaint of complaints.slice(0, most_complaints)) this.say(complaint);
		if (complaints.length > most_complaints) this.say(`and ${complaints.length - most_complaints} more`);
		if (complaints.length) this.failed++;
	}

	/** What nobody need act on. */
	say(text) {
		console.log(text.replace(/^/gm, "#   "));
	}
}

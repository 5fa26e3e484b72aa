// SPDX-License-Identifier: Apache-2.0
// usage: node run.mjs SERVER INSTANCE-DIRECTORY URL MAIL-DIRECTORY COMMAND-TO-RUN-AGAIN [GROUP...]
import { account } from "./account.mjs";
import { answers } from "./answers.mjs";
import { attack } from "./attack.mjs";
import { Desk, startBrowser } from "./browser.mjs";
import { docs } from "./docs.mjs";
import { list } from "./list.mjs";
import { messages } from "./messages.mjs";
import { people } from "./people.mjs";
import { runAll } from "./report.mjs";
import { Site } from "./site.mjs";
import { story } from "./story.mjs";
import { trouble } from "./trouble.mjs";

const groups = { list, story, account, trouble, answers, messages, attack, people, docs };

const [server, directory, url, mails, command, ...wanted] = process.argv.slice(2);
const site = new Site(server, directory, url, mails);
const browser = await startBrowser();

/** Each case gets a desk of its own, and fails with what was complained of in its windows. */
const withDesks = (name, report) => ({
	check: (title, act) => report.check(`${server}, ${name}: ${title}`, async () => {
		const desk = new Desk(browser, site);
		try {
			await act(desk);
			if (desk.faults.length) throw new Error("complained of, and not announced");
		} catch (error) {
			const more = `\n${desk.faults.join("\n")}\n${await desk.state()}`;
			error.message += more;
			error.stack += more;
			throw error;
		} finally {
			await desk.close();
		}
	}),
});

const named = Object.fromEntries(Object.entries(groups).map(([name, group]) => [name, (world, report) => group(withDesks(name, report), world)]));

site.stop = () => browser.close();
await runAll(named, site, command, wanted);

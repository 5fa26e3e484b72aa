// SPDX-License-Identifier: Apache-2.0
// usage: node run.mjs DIRECTORY QUICKSTART COMMAND [CASE...]
// Runs the cases, or those named; COMMAND with a case's name runs it again.
import { cases } from "./cases.mjs";
import { runAll } from "./report.mjs";
import { World } from "./world.mjs";

const [directory, quickstart, command, ...wanted] = process.argv.slice(2);
await runAll(cases, new World(directory, quickstart), command, wanted);

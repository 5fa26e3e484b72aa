-- SPDX-License-Identifier: Apache-2.0
--
-- For wrk: arguments after -- are a method and a body in JSON; prints one line for bench/lib/load.sh: requests,
-- microseconds, answers of 400 and above, requests without an answer, median and 99th percentile in microseconds.
-- The request is made once: a function for each one would slow wrk down.

function init(arguments)
	wrk.method = arguments[1] or "GET"
	if arguments[2] then
		wrk.body = arguments[2]
		wrk.headers["Content-Type"] = "application/json"
	end
end

function done(summary, latency)
	local errors = summary.errors
	io.write(string.format("load %d %d %d %d %d %d\n", summary.requests, summary.duration, errors.status,
		errors.connect + errors.read + errors.write + errors.timeout, latency:percentile(50), latency:percentile(99)))
end

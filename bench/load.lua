-- SPDX-License-Identifier: Apache-2.0
--
-- For wrk: arguments after -- are a method and a body in JSON, which may be empty, and, for requests that are not all
-- the same, a file of lines METHOD PATH TOKEN [BODY], which are taken in turn. Prints one line for bench/lib/load.sh:
-- requests, microseconds, answers of 400 and above, requests without an answer, median and 99th percentile in
-- microseconds.
-- Without a file the request is made once: a function for each one would slow wrk down.

local function requests_of(file)
	local texts = {}
	for line in io.lines(file) do
		local method, path, token, body = line:match("^(%S+) (%S+) (%S+) ?(.*)$")
		local headers = { Host = wrk.headers["Host"], Authorization = "Bearer " .. token }
		if body ~= "" then headers["Content-Type"] = "application/json" end
		texts[#texts + 1] = wrk.format(method, path, headers, body ~= "" and body or nil)
	end
	return texts
end

function init(arguments)
	if arguments[3] then
		local texts, last = requests_of(arguments[3]), 0
		function request()
			last = last % #texts + 1
			return texts[last]
		end
		return
	end
	wrk.method = arguments[1] or "GET"
	if arguments[2] and arguments[2] ~= "" then
		wrk.body = arguments[2]
		wrk.headers["Content-Type"] = "application/json"
	end
end

function done(summary, latency)
	local errors = summary.errors
	io.write(string.format("load %d %d %d %d %d %d\n", summary.requests, summary.duration, errors.status,
		errors.connect + errors.read + errors.write + errors.timeout, latency:percentile(50), latency:percentile(99)))
end

-- Cycles through the requests of a file, one a line: key, tab, body. They are put together before the
-- load begins, so that while it runs wrk only sends and counts.
local requests = {}
local at = 0

function init(args)
  local path = wrk.path
  local headers = { ["Content-Type"] = "application/json" }
  for line in io.lines(args[1]) do
    local key, body = line:match("^([^\t]*)\t(.*)$")
    headers["Authorization"] = key ~= "" and ("Api-Token " .. key) or nil
    requests[#requests + 1] = wrk.format("POST", path, headers, body)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "microseconds": %d, "status": %d, "socket": %d, "p50": %d, "p99": %d}\n',
    summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end

#!/usr/bin/env bash
# end-to-end.sh FOLDER: runs the end-to-end tests against the function app as built (Release, with local.settings.json), under Azure
# Functions Core Tools, with Azurite and the emulator of SignalR Service: once for each way of sending messages. Logs and test results go to
# the folder.
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p "$1"
folder=$(cd "$1" && pwd)
app=Presence.Functions/bin/Release/net10.0
url=http://localhost:7071
PATH=$HOME/.dotnet/tools:$PATH

pids=()
stop() {
  kill "${pids[@]}" 2> /dev/null || true
  wait
}
trap stop EXIT

# start NAME FOLDER COMMAND...: in the background, with a log of its own.
start() {
  (cd "$2" && exec "${@:3}") < /dev/null > "$folder/$1.log" 2>&1 &
  pids+=($!)
}

setting() {
  node --print "require('./local.settings.json').Values.$1"
}

cat > "$folder/settings.json" << 'EOF'
{
  "UpstreamSettings": {
    "Templates": [
      {
        "UrlTemplate": "http://localhost:7071/runtime/webhooks/signalr",
        "HubPattern": "*",
        "CategoryPattern": "*",
        "EventPattern": "*"
      }
    ]
  }
}
EOF

start azurite . Presence.LocalHost/Azurite/npm/node_modules/.bin/azurite \
  --inMemoryPersistence --skipApiVersionCheck --disableTelemetry --silent
start signalr . asrs-emulator start --config "$folder/settings.json"

give_up() {
  echo "$1" >&2
  tail -n 40 "$folder"/*.log >&2
  exit 1
}

await_functions() {
  for ((second = 0; second < 120; second++)); do
    for pid in "${pids[@]}"; do
      kill -0 "$pid" 2> /dev/null || give_up "A part of the system has ended."
    done
    curl --silent --fail --output /dev/null "$url/maintenance/stats" && return
    sleep 1
  done
  give_up "The function app does not answer."
}

# Core Tools ask for no function key, so none is named here.
export PRESENCE_TEST_URL=$url PRESENCE_TEST_SIGNING_KEY PRESENCE_TEST_AUDIENCE
PRESENCE_TEST_SIGNING_KEY=$(setting Presence__Authentication__SigningKey)
PRESENCE_TEST_AUDIENCE=$(setting Presence__Authentication__Audience)

for delivery in Hub Binding; do
  start "functions-$delivery" "$app" env "Presence__Delivery=$delivery" func start --no-build --port 7071
  await_functions
  # The first message to SignalR takes long, and may be sent after its call was answered: no test should meet it.
  curl --silent --fail --output /dev/null --json '{"userId":"first","isOnline":true}' "$url/maintenance/user-status"
  dotnet test Presence.Tests --filter FullyQualifiedName~Presence.Tests.EndToEnd \
    --logger "trx;LogFileName=end-to-end-$delivery.trx" --results-directory "$folder"
  kill "${pids[-1]}"
  wait "${pids[-1]}" || true
  unset 'pids[-1]'
done

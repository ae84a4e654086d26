#!/bin/sh
# After the code is deployed: brings the key of the upstream from the function app into the key vault, and has SignalR Service read it.
# Its names are the outputs of main.bicep, which azd hands to its hooks. May be run again at any time, for example after the key changed.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
limit=${PRESENCE_HOOK_LIMIT_SECONDS:-600}
pause=${PRESENCE_HOOK_PAUSE_SECONDS:-10}

say() { echo "postdeploy: $*"; }

fail() {
  echo "postdeploy: $*" >&2
  exit 1
}

for name in AZURE_SUBSCRIPTION_ID AZURE_RESOURCE_GROUP AZURE_FUNCTION_APP_NAME AZURE_SIGNALR_NAME AZURE_KEY_VAULT_NAME; do
  eval "value=\${$name:-}"
  [ -n "$value" ] || fail "$name is not set. It is an output of infra/main.bicep (AZURE_SUBSCRIPTION_ID: az account show --query id)."
done
command -v az > /dev/null || fail "the Azure CLI (az) is not installed."
az account show --subscription "$AZURE_SUBSCRIPTION_ID" --output none ||
  fail "the Azure CLI is not signed in to subscription $AZURE_SUBSCRIPTION_ID: run az login, then this script again."

group="/subscriptions/$AZURE_SUBSCRIPTION_ID/resourceGroups/$AZURE_RESOURCE_GROUP"
app="$group/providers/Microsoft.Web/sites/$AZURE_FUNCTION_APP_NAME"
signalr="$group/providers/Microsoft.SignalRService/signalR/$AZURE_SIGNALR_NAME"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Only the word "present" leaves the Azure CLI, never the key.
key_is_present() {
  found=$(az rest --method post --url "$app/host/default/listKeys?api-version=2024-04-01" \
    --query "systemKeys.signalr_extension && 'present'" --output tsv 2> "$work/error") && [ "$found" = present ]
}

say "waiting for $AZURE_FUNCTION_APP_NAME to start and make its key signalr_extension, for up to $limit s ..."
waited=0
until key_is_present; do
  if grep -qE 'AuthorizationFailed|NotFound' "$work/error"; then
    cat "$work/error" >&2
    fail "waiting will not help: the Azure CLI's account may not list the keys of $AZURE_FUNCTION_APP_NAME, or there is no such app."
  fi
  if [ "$waited" -ge "$limit" ]; then
    cat "$work/error" >&2
    fail "no key signalr_extension after $limit s. Does the app start? See its log stream; then run infra/hooks/postdeploy.sh again."
  fi
  sleep "$pause"
  waited=$((waited + pause))
done

say "writing the key to the key vault $AZURE_KEY_VAULT_NAME ..."
az deployment group create \
  --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$AZURE_RESOURCE_GROUP" --name presence-upstream-key \
  --template-file "$here/../upstream-key.bicep" \
  --parameters "functionAppName=$AZURE_FUNCTION_APP_NAME" "keyVaultName=$AZURE_KEY_VAULT_NAME" \
  --query properties.outputs.signalRPatch.value --output json > "$work/patch.json" ||
  fail "the key could not be written; the deployment presence-upstream-key in $AZURE_RESOURCE_GROUP says why."

say "having $AZURE_SIGNALR_NAME read it ..."
az rest --method patch --url "$signalr?api-version=2024-03-01" --body "@$work/patch.json" --output none ||
  fail "SignalR Service did not take the change. It reads the new key by itself within 30 minutes; or run this script again."
az resource wait --ids "$signalr" --api-version 2024-03-01 --updated --timeout "$limit" ||
  fail "SignalR Service took the change but has not finished it; its activity log says why."

say "done: SignalR Service tells $AZURE_FUNCTION_APP_NAME of connections."

#!/usr/bin/env bash
# package.sh FILE: the function app as a zip, ready to be deployed: what is published, with host.json at the root.
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p "$(dirname "$1")"
file=$(realpath "$1")
published=$(mktemp -d)
trap 'rm -rf "$published"' EXIT

dotnet publish Presence.Functions -c Release -o "$published"
# Without the hidden folder the host finds no extensions; settings of this machine have no business elsewhere.
test -f "$published/host.json"
test -d "$published/.azurefunctions"
test ! -e "$published/local.settings.json"
rm -f "$file"
(cd "$published" && zip --quiet --recurse-paths "$file" .)

#!/usr/bin/env bash
# Installs what end-to-end.sh runs: Azure Functions Core Tools, Azurite as the local host pins it, the emulator of SignalR Service.
set -euo pipefail
cd "$(dirname "$0")/../.."

npm install --global azure-functions-core-tools@4.15.1
npm ci --prefix Presence.LocalHost/Azurite/npm --ignore-scripts --no-audit --no-fund
# Made for an older .NET.
dotnet tool install --global Microsoft.Azure.SignalR.Emulator --version 1.6.1 --allow-roll-forward

# After the code is deployed: brings the key of the upstream from the function app into the key vault, and has SignalR Service read it.
# Its names are the outputs of main.bicep, which azd hands to its hooks. May be run again at any time, for example after the key changed.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
# Exit codes of az are judged here, each with its own message.
$PSNativeCommandUseErrorActionPreference = $false

$limit = if ($env:PRESENCE_HOOK_LIMIT_SECONDS) { [int]$env:PRESENCE_HOOK_LIMIT_SECONDS } else { 600 }
$pause = if ($env:PRESENCE_HOOK_PAUSE_SECONDS) { [int]$env:PRESENCE_HOOK_PAUSE_SECONDS } else { 10 }

function Say([string] $text) { Write-Output "postdeploy: $text" }

function Fail([string] $text) {
  [Console]::Error.WriteLine("postdeploy: $text")
  exit 1
}

foreach ($name in 'AZURE_SUBSCRIPTION_ID', 'AZURE_RESOURCE_GROUP', 'AZURE_FUNCTION_APP_NAME', 'AZURE_SIGNALR_NAME', 'AZURE_KEY_VAULT_NAME') {
  if (-not [Environment]::GetEnvironmentVariable($name)) {
    Fail "$name is not set. It is an output of infra/main.bicep (AZURE_SUBSCRIPTION_ID: az account show --query id)."
  }
}
if (-not (Get-Command az -ErrorAction SilentlyContinue)) { Fail 'the Azure CLI (az) is not installed.' }
az account show --subscription $env:AZURE_SUBSCRIPTION_ID --output none
if ($LASTEXITCODE -ne 0) {
  Fail "the Azure CLI is not signed in to subscription $($env:AZURE_SUBSCRIPTION_ID): run az login, then this script again."
}

$group = "/subscriptions/$($env:AZURE_SUBSCRIPTION_ID)/resourceGroups/$($env:AZURE_RESOURCE_GROUP)"
$app = "$group/providers/Microsoft.Web/sites/$($env:AZURE_FUNCTION_APP_NAME)"
$signalr = "$group/providers/Microsoft.SignalRService/signalR/$($env:AZURE_SIGNALR_NAME)"
$patch = New-TemporaryFile
$errors = New-TemporaryFile

try {
  # Only the word "present" leaves the Azure CLI, never the key.
  Say "waiting for $($env:AZURE_FUNCTION_APP_NAME) to start and make its key signalr_extension, for up to $limit s ..."
  $waited = 0
  while ($true) {
    $found = az rest --method post --url "$app/host/default/listKeys?api-version=2024-04-01" `
      --query "systemKeys.signalr_extension && 'present'" --output tsv 2> $errors
    if ($LASTEXITCODE -eq 0 -and $found -eq 'present') { break }
    if ((Get-Content -Path $errors -Raw) -match 'AuthorizationFailed|NotFound') {
      [Console]::Error.WriteLine((Get-Content -Path $errors -Raw))
      Fail "waiting will not help: the Azure CLI's account may not list the keys of $($env:AZURE_FUNCTION_APP_NAME), or there is no such app."
    }
    if ($waited -ge $limit) {
      [Console]::Error.WriteLine((Get-Content -Path $errors -Raw))
      Fail "no key signalr_extension after $limit s. Does the app start? See its log stream; then run infra/hooks/postdeploy.ps1 again."
    }
    Start-Sleep -Seconds $pause
    $waited += $pause
  }

  Say "writing the key to the key vault $($env:AZURE_KEY_VAULT_NAME) ..."
  $output = az deployment group create `
    --subscription $env:AZURE_SUBSCRIPTION_ID --resource-group $env:AZURE_RESOURCE_GROUP --name presence-upstream-key `
    --template-file (Join-Path $PSScriptRoot '..' 'upstream-key.bicep') `
    --parameters "functionAppName=$($env:AZURE_FUNCTION_APP_NAME)" "keyVaultName=$($env:AZURE_KEY_VAULT_NAME)" `
    --query properties.outputs.signalRPatch.value --output json
  if ($LASTEXITCODE -ne 0) {
    Fail "the key could not be written; the deployment presence-upstream-key in $($env:AZURE_RESOURCE_GROUP) says why."
  }
  Set-Content -Path $patch -Value $output -Encoding utf8NoBOM

  Say "having $($env:AZURE_SIGNALR_NAME) read it ..."
  az rest --method patch --url "${signalr}?api-version=2024-03-01" --body "@$patch" --output none
  if ($LASTEXITCODE -ne 0) {
    Fail 'SignalR Service did not take the change. It reads the new key by itself within 30 minutes; or run this script again.'
  }
  az resource wait --ids $signalr --api-version 2024-03-01 --updated --timeout $limit
  if ($LASTEXITCODE -ne 0) {
    Fail 'SignalR Service took the change but has not finished it; its activity log says why.'
  }

  Say "done: SignalR Service tells $($env:AZURE_FUNCTION_APP_NAME) of connections."
}
finally {
  Remove-Item $patch, $errors -ErrorAction SilentlyContinue
}

// Run by infra/hooks/postdeploy once the app has started: only then its host has made the system key of the SignalR extension. The key
// goes from resource to resource; no shell, output or deployment history sees it.

import { upstreamSecretName, upstreamTemplate, upstreamTemplates } from 'modules/types.bicep'

@description('Name of the function app.')
@minLength(1)
param functionAppName string

@description('Name of the key vault.')
@minLength(1)
param keyVaultName string

resource functionApp 'Microsoft.Web/sites@2024-04-01' existing = {
  name: functionAppName
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: keyVaultName
}

resource upstreamSecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: upstreamSecretName
  properties: {
    contentType: 'System key signalr_extension of the function app'
    value: listKeys('${functionApp.id}/host/default', functionApp.apiVersion).systemKeys.signalr_extension
  }
}

// The service reads a secret again every 30 minutes, and at once when its upstream changes: here, by naming the version just written.
@description('The change to SignalR Service that makes it read the new secret at once.')
output signalRPatch { properties: { upstream: { templates: upstreamTemplate[] } } } = {
  properties: {
    upstream: {
      templates: upstreamTemplates(
        functionApp.properties.defaultHostName,
        upstreamSecret.properties.secretUriWithVersion
      )
    }
  }
}

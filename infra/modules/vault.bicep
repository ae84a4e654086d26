import { tagSet, upstreamSecretName } from 'types.bicep'

@description('Region of the vault.')
param location string

@description('Tags of the vault.')
param tags tagSet

@description('Name of the vault.')
param name string

@description('Whether a deleted vault is kept for its retention of 7 days whatever happens. Cannot be taken back; without it a deleted environment can be purged and set up again under the same name at once.')
param purgeProtection bool

@description('Name of the identity by which SignalR Service reads the secret.')
param signalRIdentityName string

@description('Name of the workspace that the audit log of the vault goes to.')
param workspaceName string

var secretsUserRoleId = '4633458b-17de-408a-b874-0445c86b69e6'

resource signalRIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: signalRIdentityName
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 7
    enablePurgeProtection: purgeProtection ? true : null
    publicNetworkAccess: 'Enabled'
  }
}

// The key of the upstream exists only once the app has run; upstream-key.bicep writes it. Until then the reference of the upstream
// resolves to this value, which opens nothing. A secret that is already there is left alone.
@onlyIfNotExists()
resource upstreamSecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: upstreamSecretName
  tags: tags
  properties: {
    contentType: 'System key signalr_extension of the function app'
    value: 'not-set-yet'
  }
}

resource secretsUser 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, signalRIdentity.id, secretsUserRoleId)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUserRoleId)
    principalId: signalRIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit'
  scope: vault
  properties: {
    workspaceId: workspace.id
    logs: [
      {
        categoryGroup: 'audit'
        enabled: true
      }
    ]
  }
}

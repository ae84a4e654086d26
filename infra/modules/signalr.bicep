import { signalRSku, tagSet, upstreamSecretName, upstreamTemplates } from 'types.bicep'

@description('Region of the service.')
param location string

@description('Tags of the service.')
param tags tagSet

@description('Name of the service.')
param name string

@description('Tier and units.')
param sku signalRSku

@description('Origins of the web pages that may connect.')
param allowedOrigins string[]

@description('Name of the identity by which the service reads the key of its upstream.')
param identityName string

@description('Host of the function app, which the service tells of connections.')
param functionAppHost string

@description('Name of the key vault with the key of the upstream.')
param keyVaultName string

@description('Whether the service logs connections and messages to the workspace. Costs per GB, with every connection.')
param logs bool

@description('Name of the workspace for these logs.')
param workspaceName string

// Without a version: the service reads the newest.
var upstreamSecretUri = 'https://${keyVaultName}${environment().suffixes.keyvaultDns}/secrets/${upstreamSecretName}/'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

resource signalR 'Microsoft.SignalRService/signalR@2024-03-01' = {
  name: name
  location: location
  tags: tags
  kind: 'SignalR'
  sku: {
    name: sku.name
    capacity: sku.capacity
  }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    features: [
      {
        flag: 'ServiceMode'
        value: 'Serverless'
      }
      {
        flag: 'EnableConnectivityLogs'
        value: string(logs)
      }
      {
        flag: 'EnableMessagingLogs'
        value: string(logs)
      }
    ]
    cors: {
      allowedOrigins: allowedOrigins
    }
    disableAadAuth: false
    disableLocalAuth: true
    publicNetworkAccess: 'Enabled'
    tls: {
      clientCertEnabled: false
    }
    upstream: {
      templates: upstreamTemplates(functionAppHost, upstreamSecretUri)
    }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (logs) {
  name: 'logs'
  scope: signalR
  properties: {
    workspaceId: workspace.id
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
  }
}

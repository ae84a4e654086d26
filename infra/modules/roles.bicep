// Everything the function app may do, and nothing else. Each role at the one resource it is for.

@description('Name of the identity of the function app.')
param identityName string

@description('Name of the storage account of the function app.')
param storageAccountName string

@description('Names of the further accounts that the table spreads over.')
param furtherStorageAccountNames string[]

@description('Name of SignalR Service.')
param signalRName string

@description('Name of the Application Insights component.')
param applicationInsightsName string

@description('Name of the Event Grid topic; empty for none.')
param eventGridTopicName string

// The app makes and keeps its table.
var tableRoles = {
  'Storage Table Data Contributor': '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
}

var storageRoles = union(tableRoles, {
  // The host keeps its leases and keys in blobs and reads the deployed package from one: the Functions host asks for Owner.
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
})

var signalRRoles = {
  // Negotiation, messages, groups and questions about connections.
  'SignalR Service Owner': '7e4f1700-ea5a-4f59-8f37-079cfe29dce3'
}

var applicationInsightsRoles = {
  // Telemetry, since Application Insights takes no other credential.
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb'
}

var eventGridRoles = {
  // Events.
  'EventGrid Data Sender': 'd5a91429-5739-47e2-a06b-3470a27159e7'
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource storageAccount 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageAccountName
}

resource furtherStorageAccounts 'Microsoft.Storage/storageAccounts@2024-01-01' existing = [
  for accountName in furtherStorageAccountNames: {
    name: accountName
  }
]

resource signalR 'Microsoft.SignalRService/signalR@2024-03-01' existing = {
  name: signalRName
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource eventGridTopic 'Microsoft.EventGrid/topics@2025-02-15' existing = if (!empty(eventGridTopicName)) {
  name: eventGridTopicName
}

resource onStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in items(storageRoles): {
    name: guid(storageAccount.id, identity.id, role.value)
    scope: storageAccount
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.value)
      principalId: identity.properties.principalId
      principalType: 'ServicePrincipal'
      description: role.key
    }
  }
]

resource onFurtherStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (accountName, index) in furtherStorageAccountNames: {
    name: guid(furtherStorageAccounts[index].id, identity.id, items(tableRoles)[0].value)
    scope: furtherStorageAccounts[index]
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', items(tableRoles)[0].value)
      principalId: identity.properties.principalId
      principalType: 'ServicePrincipal'
      description: items(tableRoles)[0].key
    }
  }
]

resource onSignalR 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in items(signalRRoles): {
    name: guid(signalR.id, identity.id, role.value)
    scope: signalR
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.value)
      principalId: identity.properties.principalId
      principalType: 'ServicePrincipal'
      description: role.key
    }
  }
]

resource onApplicationInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in items(applicationInsightsRoles): {
    name: guid(applicationInsights.id, identity.id, role.value)
    scope: applicationInsights
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.value)
      principalId: identity.properties.principalId
      principalType: 'ServicePrincipal'
      description: role.key
    }
  }
]

resource onEventGrid 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in items(eventGridRoles): if (!empty(eventGridTopicName)) {
    name: guid(eventGridTopic.id, identity.id, role.value)
    scope: eventGridTopic
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.value)
      principalId: identity.properties.principalId
      principalType: 'ServicePrincipal'
      description: role.key
    }
  }
]

import { settingSet, tagSet } from 'types.bicep'

@description('Region of the app.')
param location string

@description('Tags of the plan and of the app.')
param tags tagSet

@description('Tags of the app alone: by these azd finds where to deploy to.')
param serviceTags tagSet

@description('Name of the plan.')
param planName string

@description('Name of the app.')
param name string

@description('Name of the identity of the app.')
param identityName string

@description('Name of the storage account.')
param storageAccountName string

@description('Names of the further accounts that the table spreads over.')
param furtherStorageAccountNames string[]

@description('Name of the container for packages.')
param deploymentContainerName string

@description('Name of SignalR Service.')
param signalRName string

@description('Name of the Application Insights component.')
param applicationInsightsName string

@description('Memory of an instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@description('The most instances at once.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int

@description('Traces a second that an instance keeps.')
param tracesPerSecond string

@description('Origins of the web pages that may call the app.')
param allowedOrigins string[]

@description('When the sweep runs: NCrontab, six fields, UTC.')
param sweepSchedule string

@description('When those who are here are counted: NCrontab, six fields, UTC.')
param censusSchedule string

@description('When the clean-up runs: NCrontab, six fields, UTC.')
param cleanupSchedule string

@description('When some users are checked against SignalR Service: NCrontab, six fields, UTC.')
param truthSchedule string

@description('When webhooks are sent what they are owed: NCrontab, six fields, UTC.')
param webhookSchedule string

@description('Name of the Event Grid topic that events are published to; empty for none.')
param eventGridTopicName string

@description('Units of SignalR Service: so many are paid for, however few connect.')
param signalRUnits int

@description('Settings of the section Presence, by name.')
param presenceSettings settingSet

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource storageAccount 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageAccountName
}

resource signalR 'Microsoft.SignalRService/signalR@2024-03-01' existing = {
  name: signalRName
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource eventGridTopic 'Microsoft.EventGrid/topics@2025-02-15' existing = if (!empty(eventGridTopicName)) {
  name: eventGridTopicName
}

var hostSettings = {
  AzureWebJobsStorage__accountName: storageAccount.name
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.properties.clientId
  AzureSignalRConnectionString__serviceUri: 'https://${signalR.properties.hostName}'
  AzureSignalRConnectionString__credential: 'managedidentity'
  AzureSignalRConnectionString__clientId: identity.properties.clientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsights.properties.ConnectionString
  OTEL_TRACES_SAMPLER: 'microsoft.rate_limited'
  OTEL_TRACES_SAMPLER_ARG: tracesPerSecond
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD;ClientId=${identity.properties.clientId}'
}

// Not nested like the others: what wakes the app when a schedule says so does not know nested names.
var schedules = {
  PresenceSweepSchedule: sweepSchedule
  PresenceCensusSchedule: censusSchedule
  PresenceTruthSchedule: truthSchedule
  PresenceCleanupSchedule: cleanupSchedule
  PresenceWebhookSchedule: webhookSchedule
}

// A table of one account has none of it.
var accounts = empty(furtherStorageAccountNames)
  ? {}
  : {
      Presence__StorageAccounts: join(furtherStorageAccountNames, ',')
    }

var topic = empty(eventGridTopicName)
  ? {}
  : {
      Presence__EventGridTopic: eventGridTopic!.properties.endpoint
    }

// One is what the app takes to be paid for.
var units = signalRUnits == 1
  ? {}
  : {
      Presence__Prices__Units: string(signalRUnits)
    }

var ownSettings = toObject(items(presenceSettings), setting => 'Presence__${setting.key}', setting => setting.value)

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: union(tags, serviceTags)
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: 'Enabled'
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storageAccount.properties.primaryEndpoints.blob}${deploymentContainerName}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
      }
    }
    siteConfig: {
      appSettings: map(items(union(hostSettings, schedules, accounts, topic, units, ownSettings)), setting => {
        name: setting.key
        value: setting.value
      })
      cors: {
        allowedOrigins: allowedOrigins
        // SignalR's JavaScript client asks with credentials; browsers refuse that together with '*'.
        supportCredentials: !contains(allowedOrigins, '*')
      }
      http20Enabled: true
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
    }
  }
}

resource ftpPublishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource scmPublishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

@description('Host of the app.')
output defaultHostName string = app.properties.defaultHostName

// The whole of Presence in one resource group. The only thing left for after the deployment of the code is the key of the upstream:
// infra/hooks/postdeploy and upstream-key.bicep.
targetScope = 'subscription'

import { settingSet, signalRSku, tagSet } from 'modules/types.bicep'

@description('Name of the environment: part of the name of the resource group, and a tag.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Region of everything; one that has Flex Consumption.')
@minLength(1)
@metadata({
  azd: {
    type: 'location'
  }
})
param location string

@description('What resource names begin with: lower-case letters and digits.')
@minLength(3)
@maxLength(10)
param namePrefix string

@description('Tags of every resource.')
param tags tagSet

@description('OpenID Connect issuer whose tokens are accepted: an https URL.')
@minLength(9)
param authenticationAuthority string

@description('Audience (aud) that every token must carry.')
@minLength(1)
param authenticationAudience string

@description('When the sweep runs: NCrontab, six fields, UTC.')
@minLength(11)
param sweepSchedule string

@description('When those who are here are counted: NCrontab, six fields, UTC.')
@minLength(11)
param censusSchedule string

@description('When some users are checked against SignalR Service: NCrontab, six fields, UTC.')
@minLength(11)
param truthSchedule string

@description('When the clean-up runs: NCrontab, six fields, UTC.')
@minLength(11)
param cleanupSchedule string

@description('When webhooks are sent what they are owed: NCrontab, six fields, UTC.')
@minLength(11)
param webhookSchedule string

@description('Whether events are also published to an Event Grid topic, which is made.')
param eventGrid bool

@description('Further settings of the section Presence, as text, such as { OfflineAfter: \'00:02:00\' }. Without a shared signing key.')
param presenceSettings settingSet

@description('Origins of the web pages that may call and connect, such as https://app.example.com.')
@minLength(1)
param allowedOrigins string[]

@description('Tier and units of SignalR Service.')
param signalR signalRSku

@description('Memory of an instance of the function app in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@description('The most instances of the function app at once.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int

@description('How storage keeps its copies: in one zone, or in three.')
@allowed(['Standard_LRS', 'Standard_ZRS'])
param storageSku string

@description('Over how many storage accounts the table spreads. Fixed once the table exists: another number goes with another TableName.')
@minValue(1)
@maxValue(10)
param storageAccountCount int

@description('Whether a deleted key vault is kept for 7 days whatever happens. Cannot be taken back.')
param keyVaultPurgeProtection bool

@description('For how many days telemetry is kept.')
@minValue(30)
@maxValue(730)
param logRetentionInDays int

@description('GB of telemetry a day at which ingestion stops until the next day; -1 for no limit.')
@minValue(-1)
param logDailyQuotaGb int

@description('Whether SignalR Service logs every connection and message; for the search of a fault.')
param signalRLogs bool

@description('Traces a second that an instance keeps; the others are counted by the metrics alone.')
@allowed(['0.1', '0.2', '0.5', '1', '2', '5'])
param tracesPerSecond string

@description('Resource ids of the action groups that alerts go to; may be none.')
param actionGroupIds string[]

@description('Percent of activity calls below which too few were throttled. Clients that call every 30 s come to 67, every 10 s to 86.')
@minValue(0)
@maxValue(100)
param throttleRatePercent int

@description('Throttle windows that one instance may remember before the warning.')
@minValue(1)
param throttleCacheEntries int

@description('Seconds between two sweeps, as in sweepSchedule; a longer sweep is warned of.')
@minValue(1)
param sweepIntervalSeconds int

@description('Seconds from a change of status to its message before the warning.')
@minValue(1)
param announcementDelaySeconds int

var token = take(uniqueString(subscription().id, environmentName, location), 10)
var prefixLetters = map(range(0, length(namePrefix)), i => substring(namePrefix, i, 1))
var strangeLetters = filter(prefixLetters, letter => !contains('abcdefghijklmnopqrstuvwxyz0123456789', letter))
var prefix = empty(strangeLetters)
  ? namePrefix
  : fail('namePrefix must be lower-case letters and digits; it is "${namePrefix}".')
var name = '${prefix}-${token}'

var authority = startsWith(authenticationAuthority, 'https://')
  ? authenticationAuthority
  : fail('authenticationAuthority must be an https URL; it is "${authenticationAuthority}".')
var ownSettings = [
  'Authentication__Authority'
  'Authentication__Audience'
  'Authentication__SigningKey'
  'SweepSchedule'
  'CensusSchedule'
  'TruthSchedule'
  'CleanupSchedule'
  'WebhookSchedule'
  'StorageAccounts'
  'EventGridTopic'
  'EventGridKey'
]
var misplacedSettings = filter(
  items(presenceSettings),
  setting => contains(map(ownSettings, name => toLower(name)), toLower(setting.key))
)
var furtherSettings = empty(misplacedSettings)
  ? presenceSettings
  : fail('presenceSettings must not hold ${join(map(misplacedSettings, setting => setting.key), ', ')}: schedules, storage accounts, the Event Grid topic and the authority have parameters of their own, and a shared key has no place in Azure.')
var strangeOrigins = filter(
  allowedOrigins,
  origin => origin != '*' && (!startsWith(origin, 'http') || endsWith(origin, '/'))
)
var origins = empty(strangeOrigins)
  ? allowedOrigins
  : fail('allowedOrigins must be origins without a path or a slash at the end, such as https://app.example.com; this is none: "${join(strangeOrigins, '", "')}".')
var settings = union(furtherSettings, {
  Authentication__Authority: authority
  Authentication__Audience: authenticationAudience
})

var appIdentityName = 'id-${name}'
var signalRIdentityName = 'id-${name}-signalr'
var workspaceName = 'log-${name}'
var applicationInsightsName = 'appi-${name}'
var storageAccountName = 'st${prefix}${token}'
var furtherStorageAccountNames = map(range(2, storageAccountCount - 1), number => '${storageAccountName}${number}')
var storageAccountNames = concat([storageAccountName], furtherStorageAccountNames)
var deploymentContainerName = 'deployments'
var keyVaultName = 'kv-${name}'
var signalRName = 'sigr-${name}'
var eventGridTopicName = eventGrid ? 'evgt-${name}' : ''
var functionAppName = 'func-${name}'
var allTags = union(tags, {
  'azd-env-name': environmentName
})

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: allTags
}

// The modules know each other's resources by name. Names are known beforehand, so that a what-if can tell what it would change.
module identities 'modules/identities.bicep' = {
  scope: group
  params: {
    location: location
    tags: allTags
    appIdentityName: appIdentityName
    signalRIdentityName: signalRIdentityName
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    location: location
    tags: allTags
    workspaceName: workspaceName
    applicationInsightsName: applicationInsightsName
    retentionInDays: logRetentionInDays
    dailyQuotaGb: logDailyQuotaGb
  }
}

module storage 'modules/storage.bicep' = [
  for (accountName, index) in storageAccountNames: {
    scope: group
    params: {
      location: location
      tags: allTags
      name: accountName
      sku: storageSku
      deploymentContainerName: index == 0 ? deploymentContainerName : ''
    }
  }
]

module vault 'modules/vault.bicep' = {
  scope: group
  dependsOn: [
    identities
    monitoring
  ]
  params: {
    location: location
    tags: allTags
    name: keyVaultName
    purgeProtection: keyVaultPurgeProtection
    signalRIdentityName: signalRIdentityName
    workspaceName: workspaceName
  }
}

// After the vault: when the service first reads the reference of its upstream, the secret and the right to read it are there.
module signalRService 'modules/signalr.bicep' = {
  scope: group
  dependsOn: [
    vault
  ]
  params: {
    location: location
    tags: allTags
    name: signalRName
    sku: signalR
    allowedOrigins: origins
    identityName: signalRIdentityName
    functionAppHost: '${functionAppName}.azurewebsites.net'
    keyVaultName: keyVaultName
    logs: signalRLogs
    workspaceName: workspaceName
  }
}

module topic 'modules/event-grid.bicep' = if (eventGrid) {
  scope: group
  params: {
    location: location
    tags: allTags
    name: eventGridTopicName
  }
}

module roles 'modules/roles.bicep' = {
  scope: group
  dependsOn: [
    identities
    monitoring
    storage
    signalRService
    topic
  ]
  params: {
    identityName: appIdentityName
    storageAccountName: storageAccountName
    furtherStorageAccountNames: furtherStorageAccountNames
    signalRName: signalRName
    applicationInsightsName: applicationInsightsName
    eventGridTopicName: eventGridTopicName
  }
}

// After the roles: the app reaches for its storage when it starts.
module functionApp 'modules/function-app.bicep' = {
  scope: group
  dependsOn: [
    roles
  ]
  params: {
    location: location
    tags: allTags
    serviceTags: {
      'azd-service-name': 'presence'
    }
    planName: 'plan-${name}'
    name: functionAppName
    identityName: appIdentityName
    storageAccountName: storageAccountName
    furtherStorageAccountNames: furtherStorageAccountNames
    deploymentContainerName: deploymentContainerName
    signalRName: signalRName
    applicationInsightsName: applicationInsightsName
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    tracesPerSecond: tracesPerSecond
    allowedOrigins: origins
    sweepSchedule: sweepSchedule
    censusSchedule: censusSchedule
    truthSchedule: truthSchedule
    cleanupSchedule: cleanupSchedule
    webhookSchedule: webhookSchedule
    eventGridTopicName: eventGridTopicName
    signalRUnits: signalR.capacity
    presenceSettings: settings
  }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  dependsOn: [
    monitoring
    storage
    signalRService
  ]
  params: {
    location: location
    tags: allTags
    namePrefix: name
    workspaceName: workspaceName
    storageAccountNames: storageAccountNames
    signalRName: signalRName
    actionGroupIds: actionGroupIds
    throttleRatePercent: throttleRatePercent
    throttleCacheEntries: throttleCacheEntries
    sweepIntervalSeconds: sweepIntervalSeconds
    announcementDelaySeconds: announcementDelaySeconds
  }
}

module dashboard 'modules/dashboard.bicep' = {
  scope: group
  dependsOn: [
    monitoring
  ]
  params: {
    location: location
    tags: allTags
    workspaceName: workspaceName
  }
}

@description('Region of everything.')
output AZURE_LOCATION string = location

@description('Tenant of the subscription.')
output AZURE_TENANT_ID string = tenant().tenantId

@description('Name of the resource group.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Name of the function app.')
output AZURE_FUNCTION_APP_NAME string = functionAppName

@description('Name of SignalR Service.')
output AZURE_SIGNALR_NAME string = signalRName

@description('Name of the key vault.')
output AZURE_KEY_VAULT_NAME string = keyVaultName

@description('URL of the function app.')
output PRESENCE_URL string = 'https://${functionApp.outputs.defaultHostName}'

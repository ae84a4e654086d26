// What an operator is told of. Severity 0 and 1 are critical, 2 is a warning. Each title is a heading of docs/operations.md.

import { tagSet } from 'types.bicep'

@description('Region of the log alerts.')
param location string

@description('Tags of the alerts.')
param tags tagSet

@description('What the name of each alert begins with.')
param namePrefix string

@description('Name of the workspace with the telemetry of the app.')
param workspaceName string

@description('Names of the storage accounts that the table spreads over.')
param storageAccountNames string[]

@description('Name of SignalR Service.')
param signalRName string

@description('Resource ids of the action groups that are told. None: alerts show in the portal alone.')
param actionGroupIds string[]

@description('Percent of activity calls below which too few were throttled.')
@minValue(0)
@maxValue(100)
param throttleRatePercent int

@description('Throttle windows that one instance may remember before the warning.')
@minValue(1)
param throttleCacheEntries int

@description('Seconds between two sweeps: a sweep that takes longer is warned of.')
@minValue(1)
param sweepIntervalSeconds int

@description('Seconds from a change of status to its message before the warning.')
@minValue(1)
param announcementDelaySeconds int

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

resource signalR 'Microsoft.SignalRService/signalR@2024-03-01' existing = {
  name: signalRName
}

var logAlerts = [
  {
    name: 'maintenance-inactive'
    title: 'Maintenance inactive'
    meaning: 'No sweep was carried out for 10 minutes: nobody turns offline or away by time any more. Fires without data, too.'
    severity: 0
    query: loadTextContent('../alerts/maintenance-inactive.kql')
    measure: 'Sweeps'
    aggregation: 'Total'
    operator: 'LessThan'
    threshold: 1
    window: 'PT10M'
    perInstance: false
  }
  {
    name: 'failed-updates'
    title: 'Failed updates'
    meaning: 'More than 10 activity calls in 5 minutes could not be recorded: storage is out of reach or refuses.'
    severity: 1
    query: loadTextContent('../alerts/failed-updates.kql')
    measure: 'Failed'
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: 10
    window: 'PT5M'
    perInstance: false
  }
  {
    name: 'throttle-rate'
    title: 'Throttle rate low'
    meaning: 'Fewer than ${throttleRatePercent} % of at least 100 activity calls in 15 minutes were throttled: writes cost more than they should.'
    severity: 2
    query: loadTextContent('../alerts/throttle-rate.kql')
    measure: 'ThrottleRate'
    aggregation: 'Minimum'
    operator: 'LessThan'
    threshold: throttleRatePercent
    window: 'PT15M'
    perInstance: false
  }
  {
    name: 'throttle-cache'
    title: 'Throttle cache large'
    meaning: 'One instance remembers the throttle windows of more than ${throttleCacheEntries} users.'
    severity: 2
    query: loadTextContent('../alerts/throttle-cache.kql')
    measure: 'Entries'
    aggregation: 'Maximum'
    operator: 'GreaterThan'
    threshold: throttleCacheEntries
    window: 'PT5M'
    perInstance: true
  }
  {
    name: 'sweep-duration'
    title: 'Sweep slow'
    meaning: 'A sweep took longer than the ${sweepIntervalSeconds} s between two sweeps: users turn offline late.'
    severity: 2
    query: loadTextContent('../alerts/sweep-duration.kql')
    measure: 'Seconds'
    aggregation: 'Maximum'
    operator: 'GreaterThan'
    threshold: sweepIntervalSeconds
    window: 'PT5M'
    perInstance: false
  }
  {
    name: 'announcement-backlog'
    title: 'Announcement backlog'
    meaning: 'For 10 minutes each sweep has found changes whose duties to others nobody has done, and could not do them either.'
    severity: 2
    query: loadTextContent('../alerts/announcement-backlog.kql')
    measure: 'Pending'
    aggregation: 'Maximum'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT10M'
    perInstance: true
  }
  {
    name: 'announcement-delay'
    title: 'Announcements late'
    meaning: 'A change of status was handed to SignalR Service more than ${announcementDelaySeconds} s after it was made.'
    severity: 2
    query: loadTextContent('../alerts/announcement-delay.kql')
    measure: 'Seconds'
    aggregation: 'Maximum'
    operator: 'GreaterThan'
    threshold: announcementDelaySeconds
    window: 'PT5M'
    perInstance: false
  }
  {
    name: 'signalr-requests'
    title: 'SignalR requests failing'
    meaning: 'SignalR Service refused or did not answer more than 10 requests in 5 minutes: negotiations and groups fail.'
    severity: 2
    query: loadTextContent('../alerts/signalr-requests.kql')
    measure: 'Failed'
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: 10
    window: 'PT5M'
    perInstance: false
  }
  {
    name: 'unreadable-rows'
    title: 'Unreadable rows'
    meaning: 'Rows of the table cannot be read and are passed over: their users are neither swept nor told of, and their own calls fail.'
    severity: 2
    query: loadTextContent('../alerts/unreadable-rows.kql')
    measure: 'Rows'
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
    perInstance: false
  }
  {
    name: 'webhooks-interrupted'
    title: 'Webhooks interrupted'
    meaning: 'A webhook was disabled, because its receiver is gone or has failed for 5 days, or was so far behind that events it was owed had been removed.'
    severity: 2
    query: loadTextContent('../alerts/webhooks-interrupted.kql')
    measure: 'Webhooks'
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
    perInstance: false
  }
  {
    name: 'truth-rate'
    title: 'Truth rate low'
    meaning: 'Of the users checked within 6 hours, or within a day if those are fewer than 1,000, two or more, and more than 1 in 1,000, were not as shown: the objective is 99.9 %.'
    severity: 1
    query: loadTextContent('../alerts/truth-rate.kql')
    measure: 'WrongPerThousand'
    aggregation: 'Maximum'
    operator: 'GreaterThan'
    threshold: 1
    window: 'P1D'
    perInstance: false
  }
  {
    name: 'economy'
    title: 'Budget short'
    meaning: 'The month is expected to cost 95 % of its budget or more: windows are wider and messages gathered for longer, until it is not.'
    severity: 2
    query: loadTextContent('../alerts/economy.kql')
    measure: 'Step'
    aggregation: 'Maximum'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
    perInstance: false
  }
]

// An alert for each account: one for several is not to be had on a part of an account.
var storageAlerts = [
  for (accountName, index) in storageAccountNames: {
    name: index == 0 ? 'storage-throttling' : 'storage-throttling-${index + 1}'
    title: 'Storage throttling'
    meaning: 'Table Storage turned away more than 10 requests in 5 minutes in one and the same way, because there were too many.'
    scope: resourceId('Microsoft.Storage/storageAccounts/tableServices', accountName, 'default')
    namespace: 'Microsoft.Storage/storageAccounts/tableServices'
    metric: 'Transactions'
    aggregation: 'Total'
    threshold: 10
    dimensions: [
      {
        name: 'ResponseType'
        operator: 'Include'
        values: [
          'ClientAccountBandwidthThrottlingError'
          'ClientAccountRequestThrottlingError'
          'ClientThrottlingError'
          'ServerBusyError'
          'SuccessWithThrottling'
        ]
      }
    ]
  }
]

var signalRAlerts = [
  {
    name: 'signalr-connections'
    title: 'SignalR connections near the limit'
    meaning: 'More than 80 % of the connections that the units of SignalR Service allow are in use; beyond 100 % clients are refused.'
    scope: signalR.id
    namespace: 'Microsoft.SignalRService/SignalR'
    metric: 'ConnectionQuotaUtilization'
    aggregation: 'Maximum'
    threshold: 80
    dimensions: []
  }
  {
    name: 'signalr-load'
    title: 'SignalR Service overloaded'
    meaning: 'The load of SignalR Service is above 70 %; beyond that messages come late and connections are throttled.'
    scope: signalR.id
    namespace: 'Microsoft.SignalRService/SignalR'
    metric: 'ServerLoad'
    aggregation: 'Maximum'
    threshold: 70
    dimensions: []
  }
]

var metricAlerts = concat(storageAlerts, signalRAlerts)

var metricAlertActions = map(actionGroupIds, id => {
  actionGroupId: id
})

resource logAlert 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in logAlerts: {
    name: '${namePrefix}-${alert.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: alert.title
      description: '${alert.meaning} See "${alert.title}" in docs/operations.md.'
      severity: alert.severity
      enabled: true
      scopes: [
        workspace.id
      ]
      evaluationFrequency: 'PT5M'
      windowSize: alert.window
      criteria: {
        allOf: [
          {
            query: alert.query
            metricMeasureColumn: alert.measure
            timeAggregation: alert.aggregation
            operator: alert.operator
            threshold: alert.threshold
            dimensions: alert.perInstance
              ? [
                  {
                    name: 'AppRoleInstance'
                    operator: 'Include'
                    values: ['*']
                  }
                ]
              : []
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      autoMitigate: true
      // The table appears with the first telemetry, after the alerts.
      skipQueryValidation: true
      actions: {
        actionGroups: actionGroupIds
      }
    }
  }
]

resource metricAlert 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for alert in metricAlerts: {
    name: '${namePrefix}-${alert.name}'
    location: 'global'
    tags: tags
    properties: {
      description: '${alert.meaning} See "${alert.title}" in docs/operations.md.'
      severity: 2
      enabled: true
      scopes: [
        alert.scope
      ]
      evaluationFrequency: 'PT1M'
      windowSize: 'PT5M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: alert.metric
            metricNamespace: alert.namespace
            metricName: alert.metric
            timeAggregation: alert.aggregation
            operator: 'GreaterThan'
            threshold: alert.threshold
            dimensions: alert.dimensions
          }
        ]
      }
      autoMitigate: true
      actions: metricAlertActions
    }
  }
]

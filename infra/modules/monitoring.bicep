import { tagSet } from 'types.bicep'

@description('Region of the workspace and of Application Insights.')
param location string

@description('Tags of both.')
param tags tagSet

@description('Name of the Log Analytics workspace.')
param workspaceName string

@description('Name of the Application Insights component.')
param applicationInsightsName string

@description('For how many days telemetry is kept; up to 90 cost nothing.')
@minValue(30)
@maxValue(730)
param retentionInDays int

@description('GB of telemetry a day at which ingestion stops until the next day; -1 for no limit. A limit that is hit blinds the alerts.')
@minValue(-1)
param dailyQuotaGb int

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionInDays
    workspaceCapping: {
      dailyQuotaGb: dailyQuotaGb
    }
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

// The tables of Application Insights keep their own time, 90 days, whatever the workspace says. Requests may hold ids of users.
resource tables 'Microsoft.OperationalInsights/workspaces/tables@2023-09-01' = [
  for table in ['AppRequests', 'AppDependencies', 'AppTraces', 'AppExceptions', 'AppMetrics', 'AppPerformanceCounters']: {
    parent: workspace
    name: table
    properties: {
      retentionInDays: retentionInDays
      totalRetentionInDays: retentionInDays
    }
  }
]

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' = {
  name: applicationInsightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    IngestionMode: 'LogAnalytics'
    DisableLocalAuth: true
  }
}

import { tagSet } from 'types.bicep'

@description('Region of the workbook.')
param location string

@description('Tags of the workbook.')
param tags tagSet

@description('Name of the workspace whose data the workbook shows.')
param workspaceName string

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

var content = union(loadJsonContent('../dashboards/workbook.json'), {
  fallbackResourceIds: [
    workspace.id
  ]
})

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'presence')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Presence'
    category: 'workbook'
    sourceId: workspace.id
    version: 'Notebook/1.0'
    serializedData: string(content)
  }
}

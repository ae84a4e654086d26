import { tagSet } from 'types.bicep'

@description('Region of the topic.')
param location string

@description('Tags of the topic.')
param tags tagSet

@description('Name of the topic.')
param name string

resource topic 'Microsoft.EventGrid/topics@2025-02-15' = {
  name: name
  location: location
  tags: tags
  properties: {
    dataResidencyBoundary: 'WithinRegion'
    disableLocalAuth: true
    inputSchema: 'CloudEventSchemaV1_0'
    minimumTlsVersionAllowed: '1.2'
    publicNetworkAccess: 'Enabled'
  }
}

import { tagSet } from 'types.bicep'

@description('Region of the identities.')
param location string

@description('Tags of the identities.')
param tags tagSet

@description('Name of the identity of the function app.')
param appIdentityName string

@description('Name of the identity by which SignalR Service reads the key of its upstream.')
param signalRIdentityName string

resource app 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: appIdentityName
  location: location
  tags: tags
}

resource signalR 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: signalRIdentityName
  location: location
  tags: tags
}

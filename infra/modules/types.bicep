// What several templates share: tags, settings, the size of SignalR Service, and what its upstream looks like.

@export()
@description('Tags of a resource, by name.')
type tagSet = {
  @description('The value of a tag.')
  *: string
}

@export()
@description('App settings, by name.')
type settingSet = {
  @description('The value of a setting.')
  *: string
}

@export()
@description('Tier and units of SignalR Service. Each tier has its own units; any other pair is refused.')
@discriminator('name')
type signalRSku = signalRFree | signalRStandard | signalRPremium1 | signalRPremium2

@description('20 connections and 20,000 messages a day; for a first look.')
type signalRFree = {
  @description('The tier.')
  name: 'Free_F1'
  @description('Units: exactly one.')
  capacity: 1
}

@description('1,000 connections and 1,000,000 messages a day included per unit.')
type signalRStandard = {
  @description('The tier.')
  name: 'Standard_S1'
  @description('Units.')
  capacity: signalRUnits
}

@description('As Standard_S1, with availability zones.')
type signalRPremium1 = {
  @description('The tier.')
  name: 'Premium_P1'
  @description('Units.')
  capacity: signalRUnits
}

@description('As Premium_P1, for more than 100 units.')
type signalRPremium2 = {
  @description('The tier.')
  name: 'Premium_P2'
  @description('Units: whole hundreds.')
  capacity: 100 | 200 | 300 | 400 | 500 | 600 | 700 | 800 | 900 | 1000
}

@description('The units that Standard_S1 and Premium_P1 come in.')
type signalRUnits = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 20 | 30 | 40 | 50 | 60 | 70 | 80 | 90 | 100

@export()
@description('Where SignalR Service sends which events.')
type upstreamTemplate = {
  @description('The URL.')
  urlTemplate: string
  @description('Hubs, separated by commas.')
  hubPattern: string
  @description('Categories, separated by commas.')
  categoryPattern: string
  @description('Events, separated by commas.')
  eventPattern: string
}

@export()
@description('The secret in the key vault that holds the key of the upstream.')
var upstreamSecretName = 'signalr-extension'

@export()
@description('Where SignalR Service tells of connections: the webhook of the function app. Its key is not in the URL but in the secret.')
func upstreamTemplates(functionAppHost string, secretUri string) upstreamTemplate[] => [
  {
    urlTemplate: 'https://${functionAppHost}/runtime/webhooks/signalr?code={@Microsoft.KeyVault(SecretUri=${secretUri})}'
    // The service lower-cases hub names in its protocol; both spellings, so that matching cannot depend on it.
    hubPattern: 'PresenceHub,presencehub'
    categoryPattern: 'connections'
    eventPattern: 'connected,disconnected'
  }
]

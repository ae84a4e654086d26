using './main.bicep'

// Set by azd: `azd env new` asks for the name, `azd up` for the region.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'presence')
param location = readEnvironmentVariable('AZURE_LOCATION')

// What nobody else can know: `azd env set PRESENCE_AUTHORITY https://login.example.com`, and so on.
param authenticationAuthority = readEnvironmentVariable('PRESENCE_AUTHORITY')
param authenticationAudience = readEnvironmentVariable('PRESENCE_AUDIENCE')
param allowedOrigins = map(split(readEnvironmentVariable('PRESENCE_ALLOWED_ORIGINS'), ','), origin => trim(origin))

// What may be left as it is.
param namePrefix = readEnvironmentVariable('PRESENCE_NAME_PREFIX', 'presence')
param tags = json(readEnvironmentVariable('PRESENCE_TAGS', '{}'))
param sweepSchedule = readEnvironmentVariable('PRESENCE_SWEEP_SCHEDULE', '*/15 * * * * *')
param censusSchedule = readEnvironmentVariable('PRESENCE_CENSUS_SCHEDULE', '0 * * * * *')
param truthSchedule = readEnvironmentVariable('PRESENCE_TRUTH_SCHEDULE', '30 * * * * *')
param cleanupSchedule = readEnvironmentVariable('PRESENCE_CLEANUP_SCHEDULE', '0 30 3 * * *')
param webhookSchedule = readEnvironmentVariable('PRESENCE_WEBHOOK_SCHEDULE', '*/15 * * * * *')
param eventGrid = json(readEnvironmentVariable('PRESENCE_EVENT_GRID', 'false'))
param presenceSettings = json(readEnvironmentVariable('PRESENCE_SETTINGS', '{}'))
param signalR = {
  name: readEnvironmentVariable('PRESENCE_SIGNALR_SKU', 'Standard_S1')
  // By json() rather than int(): its result is known when this file is compiled, and a bad pair is refused there.
  capacity: json(readEnvironmentVariable('PRESENCE_SIGNALR_UNITS', '1'))
}
param instanceMemoryMB = json(readEnvironmentVariable('PRESENCE_INSTANCE_MEMORY_MB', '2048'))
param maximumInstanceCount = json(readEnvironmentVariable('PRESENCE_MAXIMUM_INSTANCE_COUNT', '100'))
param storageSku = readEnvironmentVariable('PRESENCE_STORAGE_SKU', 'Standard_LRS')
param storageAccountCount = json(readEnvironmentVariable('PRESENCE_STORAGE_ACCOUNT_COUNT', '1'))
param keyVaultPurgeProtection = json(readEnvironmentVariable('PRESENCE_KEY_VAULT_PURGE_PROTECTION', 'true'))
param logRetentionInDays = json(readEnvironmentVariable('PRESENCE_LOG_RETENTION_DAYS', '30'))
param logDailyQuotaGb = json(readEnvironmentVariable('PRESENCE_LOG_DAILY_QUOTA_GB', '-1'))
param signalRLogs = json(readEnvironmentVariable('PRESENCE_SIGNALR_LOGS', 'false'))
param tracesPerSecond = readEnvironmentVariable('PRESENCE_TRACES_PER_SECOND', '0.5')
param actionGroupIds = json(readEnvironmentVariable('PRESENCE_ACTION_GROUP_IDS', '[]'))
param throttleRatePercent = json(readEnvironmentVariable('PRESENCE_ALERT_THROTTLE_RATE_PERCENT', '80'))
param throttleCacheEntries = json(readEnvironmentVariable('PRESENCE_ALERT_THROTTLE_CACHE_ENTRIES', '5000'))
param sweepIntervalSeconds = json(readEnvironmentVariable('PRESENCE_ALERT_SWEEP_INTERVAL_SECONDS', '15'))
param announcementDelaySeconds = json(readEnvironmentVariable('PRESENCE_ALERT_ANNOUNCEMENT_DELAY_SECONDS', '15'))

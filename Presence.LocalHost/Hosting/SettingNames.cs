namespace Presence.LocalHost.Hosting;

/// <summary>The settings that the local host itself reads; named as on the Functions host where that one has them too.</summary>
internal static class SettingNames
{
    /// <summary>Connection string of a storage account. When set, no Azurite is started.</summary>
    public const string StorageConnectionString = "AzureWebJobsStorage";

    /// <summary>Connection string of a SignalR Service. When set, no emulator is started.</summary>
    public const string SignalRConnectionString = "AzureSignalRConnectionString";

    /// <summary>The key that functions above the anonymous level ask for. When not set, no key is asked for.</summary>
    public const string FunctionKey = "LocalHost:FunctionKey";

    /// <summary>Origins, divided by commas, whose pages may use this host beside those of this machine.</summary>
    public const string AllowedOrigins = "LocalHost:AllowedOrigins";

    /// <summary>A setting as it is named in the environment.</summary>
    public static string InEnvironment(string name) => name.Replace(ConfigurationPath.KeyDelimiter, "__", StringComparison.Ordinal);
}

namespace Presence.LocalHost.Hosting;

/// <summary>The settings: those given over those of the environment.</summary>
internal static class LocalHostConfiguration
{
    public static IConfiguration Of(IReadOnlyDictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder();
        configuration.AddSettings(settings);
        return configuration.Build();
    }

    public static void AddSettings(this IConfigurationBuilder configuration, IReadOnlyDictionary<string, string?> settings) => configuration
        .AddEnvironmentVariables()
        .AddInMemoryCollection(settings.Select(setting =>
            KeyValuePair.Create(setting.Key.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal), setting.Value)));
}

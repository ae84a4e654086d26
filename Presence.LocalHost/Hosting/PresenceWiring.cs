namespace Presence.LocalHost.Hosting;

/// <summary>What the local host puts around the functions of Presence.</summary>
internal static class PresenceWiring
{
    /// <summary>The services that the functions are given.</summary>
    public static void ConfigureServices(IServiceCollection services, IConfiguration configuration)
    {
    }

    /// <summary>What is served beside the functions.</summary>
    public static void ConfigureApplication(WebApplication application)
    {
    }
}

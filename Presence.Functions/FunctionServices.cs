using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>What the functions share, for whichever host runs them.</summary>
public static class FunctionServices
{
    /// <summary>Adds it.</summary>
    public static IServiceCollection AddPresenceFunctions(this IServiceCollection services) => services
        .AddSingleton<ApiPipeline>()
        .AddSingleton<MessageBinding>();
}

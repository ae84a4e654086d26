using Microsoft.Extensions.Logging.Abstractions;
using Presence.Core.Callers;
using Presence.Core.Options;

namespace Presence.Tests.Core.Callers;

/// <summary>Validators with settings of a test's choice.</summary>
internal static class Validators
{
    public static BearerTokenValidator Create(TimeProvider time, Action<AuthenticationOptions>? change = null) => new(
        Microsoft.Extensions.Options.Options.Create(Some.Settings(o => change?.Invoke(o.Authentication))),
        time,
        NullLogger<BearerTokenValidator>.Instance);
}

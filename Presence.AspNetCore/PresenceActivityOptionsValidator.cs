using Microsoft.Extensions.Options;

namespace Presence.AspNetCore;

/// <summary>Says what is wrong with the options, all of it at once.</summary>
internal sealed class PresenceActivityOptionsValidator : IValidateOptions<PresenceActivityOptions>
{
    public ValidateOptionsResult Validate(string? name, PresenceActivityOptions options) =>
        options.Failures().Select(failure => "PresenceActivityOptions: " + failure).ToList() is { Count: > 0 } failures
            ? ValidateOptionsResult.Fail(failures)
            : ValidateOptionsResult.Success;
}

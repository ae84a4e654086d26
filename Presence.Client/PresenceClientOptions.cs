using Microsoft.Extensions.Options;

namespace Presence.Client;

/// <summary>How a client reaches Presence. Checked on start, where there is a host.</summary>
public sealed class PresenceClientOptions
{
    /// <summary>Where it is, such as <c>https://app.azurewebsites.net</c>. Required.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>The function key, for the routes of the backend; null where none of them is called.</summary>
    public string? FunctionKey { get; set; }

    /// <summary>Asked for the credentials of calls of a user that bring none.</summary>
    public Func<CancellationToken, ValueTask<PresenceCredentials>>? GetCredentials { get; set; }

    /// <summary>Of how many users the client remembers what the server gave it to bring next time. 0 to 1,000,000; 10,000 by default.</summary>
    public int MaxRememberedUsers { get; set; } = 10_000;

    /// <summary>How often a call that may safely be made twice is made again. 0 to 10; 3 by default.</summary>
    public int MaxRetries { get; set; } = 3;

    /// <summary>How long one attempt may take. 100 ms to 5 min; 10 s by default.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a call may take with all of its attempts and waits. Not less than one attempt, 10 min at most; 40 s by default.</summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(40);

    /// <summary>Where the server asks for a longer wait than this, the call is not made again, and fails with that wait. 0 to 10 min; 15 s by default.</summary>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>What cannot be meant; empty if all is well.</summary>
    internal IEnumerable<string> Failures()
    {
        if (BaseAddress is not { IsAbsoluteUri: true, Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" })
        {
            yield return $"{nameof(BaseAddress)} must be an address such as https://app.azurewebsites.net; it is {BaseAddress?.ToString() ?? "not set"}.";
        }

        if (FunctionKey is not null && (FunctionKey.Length == 0 || FunctionKey.Any(c => c is < '!' or > '~')))
        {
            yield return $"{nameof(FunctionKey)} must be null, or a key of visible ASCII characters.";
        }

        if (MaxRememberedUsers is < 0 or > 1_000_000)
        {
            yield return $"{nameof(MaxRememberedUsers)} must be from 0 to 1,000,000; it is {MaxRememberedUsers}.";
        }

        if (MaxRetries is < 0 or > 10)
        {
            yield return $"{nameof(MaxRetries)} must be from 0 to 10; it is {MaxRetries}.";
        }

        if (AttemptTimeout < TimeSpan.FromMilliseconds(100) || AttemptTimeout > TimeSpan.FromMinutes(5))
        {
            yield return $"{nameof(AttemptTimeout)} must be from 100 ms to 5 min; it is {AttemptTimeout}.";
        }

        if (TotalTimeout < AttemptTimeout || TotalTimeout > TimeSpan.FromMinutes(10))
        {
            yield return $"{nameof(TotalTimeout)} must be from {nameof(AttemptTimeout)} to 10 min; it is {TotalTimeout}.";
        }

        if (LongestWait < TimeSpan.Zero || LongestWait > TimeSpan.FromMinutes(10))
        {
            yield return $"{nameof(LongestWait)} must be from 0 to 10 min; it is {LongestWait}.";
        }
    }
}

/// <summary>Says what is wrong with the options, all of it at once.</summary>
internal sealed class PresenceClientOptionsValidator : IValidateOptions<PresenceClientOptions>
{
    public ValidateOptionsResult Validate(string? name, PresenceClientOptions options) =>
        options.Failures().Select(failure => "PresenceClientOptions: " + failure).ToList() is { Count: > 0 } failures
            ? ValidateOptionsResult.Fail(failures)
            : ValidateOptionsResult.Success;
}

using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Ports;

namespace Presence.Core.Throttle;

/// <summary>
/// What a caller carries from one instance to the next: what is known of its user's last record. A token that is not ours, of another user, too
/// old, or from a clock that runs ahead counts as none.
/// </summary>
internal sealed class ThrottleTokens(ThrottleKeys keys, IOptions<PresenceOptions> options, TimeProvider time)
{
    private readonly PresenceOptions _options = options.Value;

    /// <summary>The token of a record; null while there is no key to sign it with.</summary>
    public async ValueTask<string?> WriteAsync(PresenceKey user, KnownRecord known) =>
        await keys.CurrentAsync() is { } key ? TokenFormat.Write(user, known, key) : null;

    /// <summary>What a token says of a user; null where it says nothing that we trust.</summary>
    public async ValueTask<KnownRecord?> ReadAsync(PresenceKey user, string? token) =>
        token is not null
        && TokenFormat.KeyOf(token) is { } number
        && await keys.FindAsync(number) is { } key
        && TokenFormat.Read(user, token, key) is { } known
        && IsInForce(known.Last)
            ? known
            : null;

    /// <summary>Until its user would have been taken for gone, or away: from then on the row says something else.</summary>
    private bool IsInForce(LastRecord last)
    {
        var now = time.GetUtcNow();
        return now < last.RecordedAt + (last.IsConnected ? _options.AwayAfter : _options.OfflineAfter)
            && now > last.RecordedAt - PresenceOptions.ClockTolerance;
    }
}

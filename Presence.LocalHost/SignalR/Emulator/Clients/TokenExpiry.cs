using System.Globalization;
using System.Security.Claims;

namespace Presence.LocalHost.SignalR;

/// <summary>
/// The moment at which the token of a connection asks for its end, or none: without the claim a connection outlives its token.
/// </summary>
internal static class TokenExpiry
{
    // What a timer takes at once.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    public static DateTimeOffset? Of(ClaimsPrincipal client) =>
        bool.TryParse(client.FindFirst(SignalRClaims.CloseOnAuthenticationExpiration)?.Value, out var closes) && closes
        && long.TryParse(
            client.FindFirst(SignalRClaims.AuthenticationExpiresOn)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(Math.Min(seconds, DateTimeOffset.MaxValue.ToUnixTimeSeconds()))
            : null;

    /// <summary>False when the connection ended first.</summary>
    public static async Task<bool> ReachedAsync(DateTimeOffset expiry, TimeProvider time, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            var left = expiry - time.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                return true;
            }

            await Task.Delay(left < LongestWait ? left : LongestWait, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return false;
    }
}

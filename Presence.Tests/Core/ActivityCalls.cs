using Presence.Core.Domain;
using Presence.Core.Throttle;

namespace Presence.Tests.Core;

/// <summary>Calls as tests make them.</summary>
internal static class ActivityCalls
{
    /// <summary>A call whose request began at the moment given, with the throttle token given.</summary>
    public static ValueTask<ActivityResult> RecordAsync(
        this ActivityRecorder recorder, PresenceKey user, DateTimeOffset beganAt, string? token = null) =>
        recorder.RecordAsync(user, new PresenceEvent.Activity(beganAt), token, TestContext.Current.CancellationToken);
}

using System.Threading.Channels;

namespace Presence.Tests.LocalHost.SignalR;

/// <summary>Waiting for what must come, for as long as a busy machine may take.</summary>
internal static class Signals
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(Patience, TestContext.Current.CancellationToken);

    public static Task InTime(this Task task) => task.WaitAsync(Patience, TestContext.Current.CancellationToken);

    public static Task<T> NextAsync<T>(this Channel<T> channel) =>
        channel.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().InTime();
}

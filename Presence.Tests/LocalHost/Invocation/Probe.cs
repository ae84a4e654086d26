using System.Threading.Channels;

namespace Presence.Tests.LocalHost.Invocation;

/// <summary>What test functions saw, in order.</summary>
public sealed class Probe
{
    private readonly Channel<object?> _seen = Channel.CreateUnbounded<object?>();

    public void Saw(object? value) => Assert.True(_seen.Writer.TryWrite(value));

    public async Task<T> NextAsync<T>() => Assert.IsAssignableFrom<T>(await _seen.Reader.ReadAsync(TestContext.Current.CancellationToken));

    public bool SawNothing => _seen.Reader.Count == 0;
}

using System.Text.Json;
using System.Threading.Channels;
using Presence.Tests.Contract;

namespace Presence.Tests.EndToEnd.Harness;

/// <summary>What a client has received and the test has not read yet; but not what it is told of its own user, as it may or may not be.</summary>
internal sealed class Inbox(string own)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Channel<JsonElement> _statuses = Channel.CreateUnbounded<JsonElement>();
    private readonly Channel<JsonElement> _snapshots = Channel.CreateUnbounded<JsonElement>();
    private readonly Channel<JsonElement> _ofOneself = Channel.CreateUnbounded<JsonElement>();

    private readonly Channel<JsonElement> _states = Channel.CreateUnbounded<JsonElement>();
    private readonly Channel<JsonElement> _counts = Channel.CreateUnbounded<JsonElement>();
    private readonly Channel<JsonElement> _modes = Channel.CreateUnbounded<JsonElement>();
    private readonly Channel<JsonElement> _leavings = Channel.CreateUnbounded<JsonElement>();

    /// <summary>How many messages of counts the test has not read yet.</summary>
    public int Counts => _counts.Reader.Count;

    /// <summary>How many states members have shown that the test has not read yet.</summary>
    public int States => _states.Reader.Count;

    /// <summary>How many members the largest batch of states told of.</summary>
    public int LargestBatchOfStates { get; private set; }

    /// <summary>Why a message was not as the contract says; null where all were.</summary>
    public string? Fault { get; private set; }

    /// <summary>Takes a message in.</summary>
    public void Add(string target, JsonElement argument)
    {
        if (AsyncApiContract.Current.FindFault(target, argument) is { } fault)
        {
            Fault ??= fault;
            End(new InvalidOperationException($"Not as asyncapi.json says: {fault}"));
            return;
        }

        ContractCoverage.Add(target);
        switch (target)
        {
            case "presence:snapshot":
                _snapshots.Writer.TryWrite(argument);
                break;
            case "conversation:counts":
                _counts.Writer.TryWrite(argument);
                break;
            case "conversation:mode":
                _modes.Writer.TryWrite(argument);
                break;
            case "conversation:left":
                _leavings.Writer.TryWrite(argument);
                break;
            case "presence:me":
                _ofOneself.Writer.TryWrite(argument);
                break;
            case "conversation:state":
                _states.Writer.TryWrite(argument);
                break;
            case "conversation:state:batch":
                LargestBatchOfStates = Math.Max(LargestBatchOfStates, argument.GetArrayLength());
                foreach (var one in argument.EnumerateArray())
                {
                    _states.Writer.TryWrite(one);
                }

                break;
            case "user:status":
                Add(argument);
                break;
            default:
                foreach (var one in argument.EnumerateArray())
                {
                    Add(one);
                }

                break;
        }
    }

    /// <summary>The next snapshot.</summary>
    public Task<JsonElement> SnapshotAsync() => NextAsync(_snapshots, "a snapshot");

    /// <summary>The next that its user is told of itself.</summary>
    public Task<JsonElement> OfOneselfAsync() => NextAsync(_ofOneself, "what was chosen");

    /// <summary>The next state that a member shows, its own user's among them.</summary>
    public Task<JsonElement> StateAsync() => NextAsync(_states, "a state");

    /// <summary>The next counts of a large conversation.</summary>
    public Task<JsonElement> CountsAsync() => NextAsync(_counts, "counts");

    /// <summary>The next word that a conversation has become large, or is not any more.</summary>
    public Task<JsonElement> ModeAsync() => NextAsync(_modes, "a mode");

    /// <summary>The next conversation that its user is told to have left.</summary>
    public async Task<string?> LeavingAsync() => (await NextAsync(_leavings, "that a conversation was left")).GetProperty("conversationId").GetString();

    /// <summary>The next change of status, of whichever user.</summary>
    public Task<JsonElement> StatusAsync() => NextAsync(_statuses, "a change of status");

    /// <summary>The next change of status, which must be this one.</summary>
    public async Task<JsonElement> MustHearAsync(User user, string status)
    {
        var heard = await NextAsync(_statuses, $"{user.Id} {status}");
        Assert.Equal($"{user.Id} {status}", $"{heard.GetProperty("userId").GetString()} {heard.GetProperty("status").GetString()}");
        Assert.Equal(status != "offline", heard.GetProperty("isOnline").GetBoolean());
        return heard;
    }

    /// <summary>The next changes of status, which must be these.</summary>
    public async Task MustHearInAnyOrderAsync(params (User User, string Status)[] expected)
    {
        var heard = new List<string>();
        foreach (var _ in expected)
        {
            var status = await StatusAsync();
            heard.Add($"{status.GetProperty("userId").GetString()} {status.GetProperty("status").GetString()}");
        }

        Assert.Equal(expected.Select(e => $"{e.User.Id} {e.Status}").Order(), heard.Order());
    }

    /// <summary>Nothing more comes: whatever the test waits for next, it learns why.</summary>
    public void End(Exception why)
    {
        foreach (var channel in (Channel<JsonElement>[])[_statuses, _snapshots, _ofOneself, _states, _counts, _modes, _leavings])
        {
            channel.Writer.TryComplete(why);
        }
    }

    private void Add(JsonElement status)
    {
        if (status.GetProperty("userId").GetString() != own)
        {
            _statuses.Writer.TryWrite(status);
        }
    }

    private static async Task<JsonElement> NextAsync(Channel<JsonElement> channel, string expected)
    {
        try
        {
            return await channel.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask()
                .WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Nothing came within {Patience.TotalSeconds} s; expected {expected}.");
            throw;
        }
    }
}

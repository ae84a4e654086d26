using Microsoft.Extensions.Time.Testing;
using Presence.Core.Engine;
using Presence.Core.Live;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Live;

/// <summary>What is believed of a member.</summary>
public sealed class LiveMemberTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = Clock();
    private readonly InMemoryPresenceStore _store = new();
    private readonly List<Change> _changes = [];
    private readonly Instance _instance;

    public LiveMemberTests()
    {
        _instance = Instance.OverMemory(_store, _clock);
        _instance.Engine.Changed += _changes.Add;
    }

    [Fact]
    public async Task AChangeIsTakenOverWithoutARead()
    {
        var member = await CreateAsync();
        await _instance.ApplyAsync(Alice, new Joined("team-2"));
        var loads = _store.Loads;

        member.Learn(_changes[^1]);

        Assert.True((await StandingAsync(member)).IsIn("team-2"));
        Assert.Equal(loads, _store.Loads);
    }

    [Fact]
    public async Task ChangesToldOfInAnotherOrderThanMadeAreReadAgain()
    {
        var member = await CreateAsync();
        await _instance.ApplyAsync(Alice, new Joined("team-2"));
        await _instance.ApplyAsync(Alice, new Left("team-2"));

        member.Learn(_changes[^1]);
        member.Learn(_changes[^2]);

        Assert.Null(member.MayStillBeToldTo("team-2"));
        Assert.False((await StandingAsync(member)).IsIn("team-2"));
        Assert.NotNull(member.MayStillBeToldTo(Conversation));
    }

    [Fact]
    public async Task AfterAChangeThatIsUncertainNothingIsToldUntilItIsReadAgain()
    {
        var member = await CreateAsync();
        Assert.NotNull(member.MayStillBeToldTo(Conversation));

        member.Learn(_changes[^1] with { IsCertain = false });

        Assert.Null(member.MayStillBeToldTo(Conversation));
        Assert.True((await StandingAsync(member)).IsIn(Conversation));
        Assert.NotNull(member.MayStillBeToldTo(Conversation));
    }

    [Fact]
    public async Task AChangeOfSomethingElseChangesNothing()
    {
        var member = await CreateAsync();
        _clock.Advance(Seconds(65));
        await _instance.ApplyAsync(Alice, new Activity(_clock.GetUtcNow()));
        var loads = _store.Loads;

        member.Learn(_changes[^1]);

        Assert.NotNull(member.MayStillBeToldTo(Conversation));
        await StandingAsync(member);
        Assert.Equal(loads + 1, _store.Loads);
    }

    [Fact]
    public async Task AnErasedUserIsNotToldOf()
    {
        var member = await CreateAsync();
        await _instance.ApplyAsync(Alice, new SignedOut());
        await _instance.ApplyAsync(Alice, new Erased());

        member.Learn(_changes[^2]);
        member.Learn(_changes[^1]);

        Assert.Null(member.MayStillBeToldTo(Conversation));
        Assert.False((await StandingAsync(member)).IsIn(Conversation));
    }

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    private static ValueTask<Standing> StandingAsync(LiveMember member) => member.StandingAsync(TestContext.Current.CancellationToken);

    /// <summary>Of Alice, who is here and in a conversation, as just read.</summary>
    private async Task<LiveMember> CreateAsync()
    {
        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        await _instance.ApplyAsync(Alice, new Activity(Start));
        var member = new LiveMember(Alice, _store, _clock);
        await StandingAsync(member);
        return member;
    }
}

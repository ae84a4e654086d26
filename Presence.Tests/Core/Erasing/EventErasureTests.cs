using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Erasing;
using Presence.Core.Ledger;
using Presence.Core.Ports;
using Presence.Core.Retention;
using Presence.Core.TableStorage;
using Presence.Tests.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Erasing;

/// <summary>The events of whoever is erased: found from the last one back, and looked for among those of others only where nothing leads to them.</summary>
public sealed class EventErasureTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private readonly FaultyTransport _transport = new();

    [Fact]
    public async Task ARepeatLooksAtNobodyElsesAndReadsTwo()
    {
        var instance = Create(transport: _transport);
        await instance.ApplyAsync(Alice, new Activity(Start));
        await instance.ApplyAsync(Alice, new Joined("a"));
        await EraseAsync(instance, Alice);
        Clock.Advance(TimeSpan.FromMinutes(1));

        await EraseAsync(instance, Alice);

        Assert.Empty(Sought());
        Assert.Equal(2, Read().Count());
        Assert.Equal(["Erased", "Erased"], await KindsAsync("alice"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task WhatFailsHalfWayIsDoneByARepeatFromThere(int failsAt)
    {
        var instance = Create(o => o.DefaultConversation = "", _transport);
        await instance.ApplyAsync(Alice, new Activity(Start));
        for (var i = 0; i < 220; i++)
        {
            await instance.ApplyAsync(Alice, new Chosen(ChoiceSource.User, new(i % 2 == 0 ? ChosenAvailability.Busy : ChosenAvailability.Away)));
        }

        var removals = 0;
        _transport.OnRequest = request => _ = request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal)
            && _transport.Batches.Last().Count(key => key.StartsWith(TableKeys.EventPrefix, StringComparison.Ordinal)) > 1 && ++removals >= failsAt
            ? throw FaultyTransport.Lost()
            : 0;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => EraseAsync(instance, Alice));
        _transport.OnRequest = null;
        var left = (await KindsAsync("alice")).Count;
        Assert.Equal(221 + 1 + 1 - (99 * (failsAt - 1)), left);
        Clock.Advance(Seconds(10));

        await EraseAsync(instance, Alice);

        // The rest, and what it was erased by the first time.
        Assert.Empty(Sought());
        Assert.InRange(Read().Count(), left, left + 6);
        Assert.Equal(["Erased", "Erased"], await KindsAsync("alice"));
    }

    [Fact]
    public async Task NobodysAreLookedThroughForAnIdThatIsNotKnown()
    {
        var instance = Create(transport: _transport);
        await instance.ApplyAsync(Bob, new Activity(Start));

        await EraseAsync(instance, PresenceKey.Registered("nobody"));
        Assert.Empty(Sought());

        Clock.Advance(Seconds(1));
        await EraseAsync(instance, PresenceKey.Registered("nobody"));
        Assert.Empty(Sought());
    }

    [Fact]
    public async Task ThoseOfAGuestThatWasForgottenAreFound()
    {
        var instance = Create(o => o.AnonymousRetention = TimeSpan.FromHours(1), _transport);
        foreach (var user in new[] { Guest, Bob })
        {
            await instance.ApplyAsync(user, new Joined("a"));
            await instance.ApplyAsync(user, new Activity(Clock.GetUtcNow()));
            await instance.ApplyAsync(user, new SignedOut());
            Clock.Advance(Seconds(10));
        }

        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, (await instance.Get<Cleanup>().RunAsync(Cancellation)).ForgottenParticipants);
        Assert.Equal(["Membership", "Membership", "Status", "Status"], await KindsAsync("anon:guest"));

        await EraseAsync(instance, Guest);

        Assert.NotEmpty(Sought());
        Assert.Equal(["Erased"], await KindsAsync("anon:guest"));
        Assert.Equal(3, (await KindsAsync("bob")).Count);
        Clock.Advance(Seconds(1));
        await EraseAsync(instance, Guest);
        Assert.Empty(Sought());
    }

    [Fact]
    public async Task WhereAnErasureHasFailedTheTombstoneStaysAsLongAsEventsAreKept()
    {
        var instance = Create(o => (o.CredentialLifetime, o.EventRetention) = (TimeSpan.FromHours(1), TimeSpan.FromHours(5)), _transport);
        await instance.ApplyAsync(Alice, new Activity(Start));
        _transport.OnRequest = request => _ = request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal)
            && _transport.Batches.Last().Count(key => key.StartsWith(TableKeys.EventPrefix, StringComparison.Ordinal)) > 1 ? throw FaultyTransport.Lost() : 0;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => EraseAsync(instance, Alice));
        _transport.OnRequest = null;
        Clock.Advance(TimeSpan.FromHours(5));
        Assert.Equal(0, (await instance.Get<Cleanup>().RunAsync(Cancellation)).RemovedTombstones);

        await EraseAsync(instance, Alice);

        Assert.Empty(Sought());
        Assert.Equal(["Erased", "Erased"], await KindsAsync("alice"));
        Clock.Advance(TimeSpan.FromHours(5) + (EventFeed.Spare * 2));
        Assert.Equal(1, (await instance.Get<Cleanup>().RunAsync(Cancellation)).RemovedTombstones);
    }

    /// <summary>As an older version wrote them: the event of an erasure says nothing of what was before, and nothing else does.</summary>
    [Fact]
    public async Task WhatAnErasureOfAnOlderVersionHasLeftIsFound()
    {
        var instance = Create(transport: _transport);
        foreach (var user in Users(6).Append(Alice))
        {
            await instance.ApplyAsync(user, new Activity(Clock.GetUtcNow()));
            Clock.Advance(Seconds(100));
        }

        await instance.ApplyAsync(Alice, new SignedOut());
        await instance.ApplyAsync(Alice, new Erased());
        var erased = await Table.QueryAsync<TableEntity>(cancellationToken: Cancellation).SingleAsync(row => row.IsOfErasure(), Cancellation);
        erased.Remove("PreviousAt");
        await Table.UpdateEntityAsync(erased, erased.ETag, TableUpdateMode.Replace, Cancellation);
        Clock.Advance(Seconds(10));

        await EraseAsync(instance, Alice);

        Assert.NotEmpty(Sought());
        Assert.Equal(["Erased", "Erased"], await KindsAsync("alice"));
        Assert.Equal(6, (await KindsAsync("user-")).Count);
        Clock.Advance(Seconds(10));
        await EraseAsync(instance, Alice);
        Assert.Empty(Sought());
    }

    [Fact]
    public async Task WhoComesBackMeanwhileKeepsWhatItDoesSince()
    {
        var instance = Create();
        await instance.ApplyAsync(Alice, new Activity(Start));
        Clock.Advance(Seconds(10));
        var erasedAt = Clock.GetUtcNow();
        await instance.ApplyAsync(Alice, new Erased());
        await instance.ApplyAsync(Alice, new Erased());
        Clock.Advance(Seconds(10));
        await instance.ApplyAsync(Alice, new Activity(Clock.GetUtcNow(), IssuedAt: Clock.GetUtcNow()));
        await instance.ApplyAsync(Alice, new Joined("b"));

        var last = (await instance.Store.LoadAsync(Alice, Cancellation)).Records.EventAt;
        Assert.Equal(2, await instance.Get<IEventStore>().RemoveAsync(Alice, last, erasedAt, isSought: true, Cancellation));

        Assert.Equal(["Erased", "Membership", "Status"], await KindsAsync("alice"));
    }

    [Fact]
    public void WhoseEventsMayOutliveTheirRecords()
    {
        Assert.True(EventTimes.OutliveRecords(Guest, Settings()));
        Assert.False(EventTimes.OutliveRecords(Alice, Settings()));
        Assert.True(EventTimes.OutliveRecords(Alice, Settings(o => o.AnonymousRetention = TimeSpan.FromDays(7) + TimeSpan.FromHours(2) - Seconds(1))));
        Assert.False(EventTimes.OutliveRecords(Alice, Settings(o => o.AnonymousRetention = TimeSpan.FromDays(7) + TimeSpan.FromHours(2))));
    }

    private async Task EraseAsync(Instance instance, PresenceKey user)
    {
        _transport.Requests.Clear();
        await instance.Get<Erasure>().EraseAsync(user, Cancellation);
    }

    /// <summary>Queries over events.</summary>
    private IEnumerable<string> Sought() => _transport.Requests.Where(r => r.Contains("filter", StringComparison.Ordinal) && r.Contains("'ev:", StringComparison.Ordinal));

    /// <summary>Events read one by one.</summary>
    private IEnumerable<string> Read() => _transport.Requests.Where(r => r.StartsWith("GET", StringComparison.Ordinal) && r.Contains("RowKey='ev:", StringComparison.Ordinal));

    private async Task<List<string>> KindsAsync(string user) => await Table.QueryAsync<TableEntity>(cancellationToken: Cancellation)
        .Where(row => row.RowKey.StartsWith(TableKeys.EventPrefix, StringComparison.Ordinal) && row.GetString("User").StartsWith(user, StringComparison.Ordinal))
        .Select(row => row.GetString("Kind"))
        .OrderBy(kind => kind, StringComparer.Ordinal)
        .ToListAsync(Cancellation);
}

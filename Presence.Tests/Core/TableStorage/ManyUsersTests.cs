using Azure.Core;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>What it costs to look up many users, and that it is right whatever it costs.</summary>
public sealed class ManyUsersTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private const int Shards = 16;

    private readonly FaultyTransport _transport = new();

    [Fact]
    public async Task TwoHundredWhomNobodyKnowsCostTwoRequestsPerShard()
    {
        var instance = await OpenAsync();

        var views = await ReadAsync(instance, Users(200));

        Assert.Equal(Users(200).Select(u => u.Id), views.Select(v => v.UserId));
        Assert.All(views, view => Assert.Equal((PresenceStatus.Offline, null, 0), (view.Status, view.LastSeenAt, view.Version)));
        Assert.InRange(_transport.Requests.Count, 2, 2 * Shards);
    }

    [Fact]
    public async Task FiveHundredCostTwoRequestsPerShard()
    {
        var instance = await OpenAsync();

        var views = await ReadAsync(instance, Uuids(500));

        Assert.Equal(500, views.Count);
        Assert.InRange(_transport.Requests.Count, 2, 2 * Shards);
        Assert.All(_transport.Requests, request => Assert.InRange(request.Length, 1, 7_000));
    }

    [Theory, InlineData(1), InlineData(16), InlineData(256)]
    public async Task FiveHundredCostAtMostTwoRequestsPerShardHoweverManyShardsThereAre(int shards)
    {
        var instance = await OpenAsync(shards);
        PresenceKey[] users = Uuids(500);
        foreach (var user in users[..20])
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        _transport.Requests.Clear();
        var views = await ReadAsync(instance, users);

        Assert.Equal(users.Select((_, i) => i < 20), views.Select(v => v.IsOnline));
        var perShard = _transport.Requests.CountBy(request => ShardOf(request)).Select(one => one.Value).ToList();
        Assert.InRange(perShard.Max(), 1, 2);
    }

    [Theory, InlineData(400, true), InlineData(400, false), InlineData(414, true), InlineData(431, true)]
    public async Task AUrlTooLongForWhatStandsInFrontOfTheServiceIsCutForTenMinutes(int status, bool isForeign)
    {
        var instance = await OpenAsync(shards: 1);
        var users = Uuids(300);
        await instance.ApplyAsync(users[7], new Activity(Start));
        _transport.Requests.Clear();
        _transport.Answer = request => request.Uri.Query.Length > 8_000 ? new FakeResponse(status) { IsForeign = isForeign } : null;

        Assert.Equal(7, (await ReadAsync(instance, users)).ToList().FindIndex(v => v.IsOnline));
        var first = _transport.Requests.Count;
        _transport.Requests.Clear();
        Assert.Equal(7, (await ReadAsync(instance, users)).ToList().FindIndex(v => v.IsOnline));
        Assert.Equal((6, 6), (_transport.Requests.Count, Queries()));
        Assert.InRange(first, 7, 8);

        Clock.Advance(TimeSpan.FromMinutes(10));
        _transport.Answer = null;
        _transport.Requests.Clear();
        Assert.Equal(7, (await ReadAsync(instance, users)).ToList().FindIndex(v => v.IsOnline));
        Assert.Equal(2, _transport.Requests.Count);
    }

    [Fact]
    public async Task WhoIsHereIsFoundWithoutALookForProfiles()
    {
        var instance = await OpenAsync();
        foreach (var user in Users(60))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        _transport.Requests.Clear();
        var views = await ReadAsync(instance, Users(60));

        Assert.All(views, view => Assert.Equal(PresenceStatus.Online, view.Status));
        Assert.DoesNotContain(_transport.Requests, request => request.Contains("us:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task HereAwayGoneErasedAndUnknownAreToldApartInTheOrderAskedForAndTwiceIfAskedTwice()
    {
        var instance = await OpenAsync(shards: 1);
        PresenceKey[] odd = [PresenceKey.Registered("o'brien"), PresenceKey.Registered("a/b"), Guest];
        foreach (var user in odd.Append(Alice).Append(Bob))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        await instance.ApplyAsync(Bob, new SignedOut());
        PresenceKey[] asked = [Bob, .. odd, Alice, .. Users(1), Bob];

        var views = await ReadAsync(instance, asked);

        Assert.Equal(asked.Select(u => u.ToString()), views.Select(v => v.UserId));
        Assert.Equal([false, true, true, true, true, false, false], views.Select(v => v.IsOnline));
        Assert.Equal(Start, views[0].LastSeenAt);
    }

    [Theory, InlineData(1), InlineData(6)]
    public async Task WhoIsInvisibleCostsAsMuchAsWhoIsGone(int count)
    {
        var instance = await OpenAsync(shards: 1);
        foreach (var user in Users(2 * count))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        foreach (var hidden in Users(2 * count)[..count])
        {
            await instance.ApplyAsync(hidden, new Chosen(ChoiceSource.User, new(ChosenAvailability.Invisible)));
        }

        foreach (var gone in Users(2 * count)[count..])
        {
            await instance.ApplyAsync(gone, new SignedOut());
        }

        var costs = new List<IEnumerable<string>>();
        foreach (var some in new[] { Users(2 * count)[..count], Users(2 * count)[count..] })
        {
            _transport.Requests.Clear();
            Assert.All(await ReadAsync(instance, some), view => Assert.False(view.IsOnline));
            costs.Add(_transport.Requests.Select(request => request[..request.IndexOf("user-", StringComparison.Ordinal)]).ToList());
        }

        Assert.Equal(costs[1], costs[0]);
        Assert.Equal(2, costs[0].Count());
    }

    [Fact]
    public async Task FewAreReadOneByOne()
    {
        var instance = await OpenAsync(shards: 1);

        await ReadAsync(instance, Alice, Bob);

        Assert.Equal(4, _transport.Requests.Count);
        Assert.DoesNotContain(_transport.Requests, request => request.Contains("filter", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnAnswerInPagesIsGivenUpForReadsOneByOneForTenMinutes()
    {
        var instance = await OpenAsync(shards: 1);
        foreach (var user in Users(5))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        _transport.PageSize = 1;
        Assert.All(await ReadAsync(instance, Users(5)), view => Assert.True(view.IsOnline));

        _transport.Requests.Clear();
        Assert.All(await ReadAsync(instance, Users(5)), view => Assert.True(view.IsOnline));
        Assert.Equal((5, 0), (_transport.Requests.Count, Queries()));

        Clock.Advance(TimeSpan.FromMinutes(10));
        _transport.PageSize = null;
        _transport.Requests.Clear();
        Assert.All(await ReadAsync(instance, Users(5)), view => Assert.True(view.IsOnline));
        Assert.Equal((1, 1), (_transport.Requests.Count, Queries()));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(414)]
    [InlineData(501)]
    public async Task AQueryThatTheServiceRefusesIsGivenUpForReadsOneByOne(int status)
    {
        var instance = await OpenAsync(shards: 1);
        await instance.ApplyAsync(Users(1)[0], new Activity(Start));
        _transport.Answer = request => request.Uri.Query.Contains("filter", StringComparison.Ordinal) ? new FakeResponse(status) : null;

        Assert.Equal([true, false, false], (await ReadAsync(instance, Users(3))).Select(v => v.IsOnline));
    }

    [Fact]
    public async Task AQueryThatTakesTooLongIsGivenUpForReadsOneByOne()
    {
        var instance = await OpenAsync(shards: 1);
        await instance.ApplyAsync(Users(1)[0], new Activity(Start));
        var asked = new TaskCompletionSource();
        _transport.Delay = async token =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
        };
        var read = ReadAsync(instance, Users(3));
        await asked.Task;
        _transport.Delay = null;

        Clock.Advance(Seconds(1));

        Assert.Equal([true, false, false], (await read).Select(v => v.IsOnline));
    }

    [Fact]
    public async Task AWaitForATurnIsNotTakenForASlowQuery()
    {
        const int atOnce = 32;
        var instance = await OpenAsync(shards: 1);
        await instance.ApplyAsync(Users(1)[0], new Activity(Start));
        var gate = new TaskCompletionSource();
        _transport.Delay = gate.Task.WaitAsync;
        var crowd = Users(atOnce).Select(instance.ViewAsync).ToList();
        _transport.Delay = null;
        _transport.Requests.Clear();
        var read = ReadAsync(instance, Users(3));
        for (var turn = 0; turn < 1_000; turn++)
        {
            // Until it waits: it does not begin in here.
            await Task.Yield();
        }

        Clock.Advance(Seconds(2));
        Assert.Empty(_transport.Requests);

        gate.SetResult();
        Assert.Equal([true, false, false], (await read).Select(v => v.IsOnline));
        await Task.WhenAll(crowd);

        _transport.Requests.Clear();
        await ReadAsync(instance, Users(3));
        Assert.Equal((1, 1), (_transport.Requests.Count(r => r.Contains("on:", StringComparison.Ordinal)), Queries()));
    }

    [Fact]
    public async Task LongIdsAreAskedForInParts()
    {
        var instance = await OpenAsync(shards: 1);
        PresenceKey[] users = [.. Enumerable.Range(100, 100).Select(i => PresenceKey.Registered(new string('\u20ac', 120) + i))];
        await instance.ApplyAsync(users[7], new Activity(Start));
        _transport.Requests.Clear();

        Assert.Equal(7, (await ReadAsync(instance, users)).ToList().FindIndex(v => v.IsOnline));
        Assert.InRange(_transport.Requests.Count, 4, 6);
    }

    [Fact]
    public async Task AStorageOutOfReachIsNoReasonToAskAgainOneByOne()
    {
        var instance = await OpenAsync(shards: 1);
        _transport.Answer = _ => new FakeResponse(503);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => ReadAsync(instance, Users(50)));

        Assert.Equal(2, _transport.Requests.Count);
    }

    private static async Task<IReadOnlyList<PresenceView>> ReadAsync(Instance instance, params PresenceKey[] users)
    {
        var found = await instance.Store.ReadManyAsync(users, (_, records) => records.Status != PresenceStatus.Offline, Cancellation);
        return [.. users.Select(user => found[user].Records.ViewOf(user))];
    }

    private static string ShardOf(string request) => request.Split('\'')[1];

    private static PresenceKey[] Uuids(int count) => [.. Enumerable.Range(1, count).Select(i => PresenceKey.Registered($"7f3f0ab8-91d6-4c3a-9b63-{i:x12}"))];

    private int Queries() => _transport.Requests.Count(r => r.Contains("filter", StringComparison.Ordinal));

    private async Task<Instance> OpenAsync(int shards = Shards)
    {
        var instance = Create(o => (o.ShardCount, o.DefaultConversation) = (shards, ""), _transport);
        await instance.Get<PresenceTable>().OpenAsync(Cancellation);
        _transport.Requests.Clear();
        return instance;
    }
}

using Presence.Core.Domain;
using Presence.Core.Ports;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>What every presence store must do.</summary>
public abstract class PresenceStoreContract(AzuriteFixture azurite) : TableTests(azurite)
{
    private IPresenceStore? _store;
    private IErasureStore? _erasures;

    private IPresenceStore Store => _store ?? ((_store, _erasures) = CreateStores()).Item1!;

    private IErasureStore Erasures => _erasures!;

    private protected IDueStore Dues => (IDueStore)Store;

    [Fact]
    public async Task AUserNobodyKnowsHasNoRecords()
    {
        var stored = await LoadAsync(Alice);

        Assert.Equal((default, null), (stored.Records, stored.Tag));
    }

    [Fact]
    public async Task EverythingOfAnOnlineRecordIsKept()
    {
        var record = Online() with
        {
            LastClosedAt = Start + Seconds(1.234),
            Status = PresenceStatus.Away,
            Connections = new([new("open'/1", Start), new("c2", Start, new("d", "mobile", false))], [new("closed", Start + Seconds(0.001))]),
            SignedOutDevices = [new("d2", Start)],
            Conversations = ["a", "b"],
            DefaultConversation = "lobby",
            IsWatched = true,
            RecordedAt = Start + Seconds(2),
            Revision = 9,
            Told = [1, 9],
            Choice = new(ChosenAvailability.Invisible, "on a train", "🚆", Start + Seconds(60)),
            ApplicationChoice = new(ChosenAvailability.Busy),
            Disguise = new(Start - Seconds(1)),
            Privacy = new(IsHidden: true, LastSeenPrecision.Coarse),
            Relations = Every(),
            WriteId = "w1",
        };
        await CommitAsync(Alice, new(record, null));

        var stored = (await LoadAsync(Alice)).Records.Online!;

        Assert.Equal(
            record with
            {
                Connections = stored.Connections, Conversations = stored.Conversations, Told = stored.Told, SignedOutDevices = stored.SignedOutDevices,
                Relations = stored.Relations,
            },
            stored);
        AssertSame(record.Relations, stored.Relations);
        Assert.Equal(record.SignedOutDevices, stored.SignedOutDevices);
        Assert.Equal(record.Told, stored.Told);
        Assert.Equal(record.Connections.Open, stored.Connections.Open);
        Assert.Equal(record.Connections.Closed, stored.Connections.Closed);
        Assert.Equal(record.Conversations, stored.Conversations);
    }

    [Fact]
    public async Task EverythingOfAProfileIsKept()
    {
        var record = Profile() with
        {
            LeftAt = Start + Seconds(2), Connections = new([new("c", Start)], []), Conversations = ["a"], SignedOutAt = Start + Seconds(2.001), IsWatched = true, WriteId = "w",
            Revision = 9, Told = [9], Choice = new(ChosenAvailability.Automatic, "back soon"), ApplicationChoice = new(ChosenAvailability.Away, Until: Start),
            Disguise = new(null), BannedUntil = Start + Seconds(90), Privacy = new(IsHidden: false, LastSeenPrecision.Nobody), Relations = Every(),
        };
        await CommitAsync(Alice, new(null, record));

        var stored = (await LoadAsync(Alice)).Records;

        Assert.Null(stored.Online);
        Assert.Equal(
            record with
            {
                Connections = stored.Profile!.Connections, Conversations = stored.Profile.Conversations, Told = stored.Profile.Told,
                SignedOutDevices = stored.Profile.SignedOutDevices, Relations = stored.Profile.Relations,
            },
            stored.Profile);
        AssertSame(record.Relations, stored.Profile.Relations);
        Assert.Equal(record.Told, stored.Profile.Told);
        Assert.Equal(record.Connections.Open, stored.Profile.Connections.Open);
        Assert.Equal(record.Conversations, stored.Profile.Conversations);
    }

    [Fact]
    public async Task WhoIsNotToBeSeenIsNotAmongThoseWhoAreHereAndCostsASweepNothingMore()
    {
        await CommitAsync(Alice, new(Online() with { Choice = new(ChosenAvailability.Invisible), Disguise = new(null) }, null));
        await CommitAsync(Bob, new(Online() with { Choice = new(ChosenAvailability.Away) }, null));

        Assert.Equal([(Bob, PresenceStatus.Away)], await Store.OnlineAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Contains(Alice, (await DueAsync(Alice, Start + Seconds(300))).Select(u => u.User));
        Assert.False((await Store.ReadManyAsync([Alice], (_, _) => true, Cancellation))[Alice].Records.ViewOf(Alice).IsOnline);
    }

    [Fact]
    public async Task AsManyConnectionsAsThereMayBeFitWithDevicesOfTheLongestNames()
    {
        var device = new Device(new string('d', Device.MaxId), new string('\u20ac', Device.MaxKind), IsForeground: false);
        ConnectionMark[] all = [.. Enumerable.Range(100, ConnectionSet.MaxOpen).Select(i => new ConnectionMark($"{i}" + new string('c', 40), Start, device))];
        await CommitAsync(Alice, new(Online() with { Connections = new([.. all], [.. all[..ConnectionSet.MaxClosed]]) }, null));

        Assert.Equal(all, (await LoadAsync(Alice)).Records.Online!.Connections.Open);
    }

    [Fact]
    public async Task ARosterSaysWhatWasChosen()
    {
        var view = new UserRecords(Online() with { Choice = new(ChosenAvailability.DoNotDisturb, "writing", "✍️"), Version = 1 }, null).ViewOf(Alice);
        await Store.WriteRosterAsync(Conversation, [new(Alice, 1, view)], Cancellation);

        Assert.Equal([view], await RosterAsync());
    }

    [Theory]
    [InlineData("a/b\\c#d?e%f'g!h|i&j+k=l m")]
    [InlineData("тест-用户-😀")]
    [InlineData("tab\tnew\nline\u007f\u0085")]
    [InlineData("..")]
    [InlineData("%2F")]
    public async Task AnyIdCanBeStoredAndFound(string id)
    {
        foreach (var user in new[] { PresenceKey.Registered(id), PresenceKey.Anonymous(id) })
        {
            await CommitAsync(user, new(Online() with { Conversations = [Conversation] }, null));
            await TellAsync(user, 1);

            Assert.NotNull((await LoadAsync(user)).Records.Online);
            Assert.Contains((user, PresenceStatus.Online), await Store.OnlineAsync(Cancellation).ToListAsync(Cancellation));
            Assert.Contains(user, (await DueAsync(user, Start + Seconds(300))).Select(u => u.User));
            Assert.Contains(user.ToString(), (await RosterAsync()).Select(v => v.UserId));
        }
    }

    [Fact]
    public async Task TheLongestIdCanBeStored()
    {
        var user = PresenceKey.Anonymous(new string('/', 128));
        var conversation = new string('c', 100);

        await CommitAsync(user, new(Online() with { Conversations = [conversation] }, null));
        await TellAsync(user, 1, conversation: conversation);

        Assert.Single(await Store.RosterAsync(conversation, Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task OfTwoWhoReadTheSameOnlyOneCommits()
    {
        var nobody = await LoadAsync(Alice);
        Assert.True(await TryCommitAsync(nobody, new(Online(), null)));
        Assert.False(await TryCommitAsync(nobody, new(Online() with { Version = 9 }, null)));

        var online = await LoadAsync(Alice);
        Assert.True(await TryCommitAsync(online, new(online.Records.Online! with { Version = 2 }, null)));
        Assert.False(await TryCommitAsync(online, new(null, Profile())));

        var again = await LoadAsync(Alice);
        Assert.True(await TryCommitAsync(again, new(null, Profile())));
        Assert.False(await TryCommitAsync(again, new(again.Records.Online! with { Version = 3 }, null)));
        Assert.Equal(PresenceStatus.Offline, (await LoadAsync(Alice)).Records.Status);
    }

    [Fact]
    public async Task ARecordChangesWhatItIsAboutAndNothingElse()
    {
        await CommitAsync(Alice, new(Online() with { Conversations = ["a", "b"], IsWatched = true }, null));
        var before = await LoadAsync(Alice);
        var later = Start + Seconds(100);
        var record = Online() with { LastActiveAt = later, RecordedAt = later, DueAt = later + Seconds(9), WriteId = "w", Status = PresenceStatus.Away };

        var tag = await Store.TryRecordAsync(Alice, before.Tag!, record, Cancellation);

        var after = await LoadAsync(Alice);
        Assert.Equal(after.Tag, tag);
        Assert.NotEqual(before.Tag, tag);
        Assert.Equal(
            before.Records.Online! with { LastActiveAt = later, RecordedAt = later, DueAt = later + Seconds(9), WriteId = "w", Conversations = [] },
            after.Records.Online! with { Conversations = [] });
        Assert.Equal(["a", "b"], after.Records.Conversations);
    }

    [Fact]
    public async Task ARecordUnderAnOldTagIsRefused()
    {
        await CommitAsync(Alice, new(Online(), null));
        var before = await LoadAsync(Alice);
        Assert.NotNull(await Store.TryRecordAsync(Alice, before.Tag!, before.Records.Online!, Cancellation));

        Assert.Null(await Store.TryRecordAsync(Alice, before.Tag!, before.Records.Online!, Cancellation));
        await CommitAsync(Alice, new(null, Profile()));
        Assert.Null(await Store.TryRecordAsync(Alice, before.Tag!, before.Records.Online!, Cancellation));
        Assert.Null((await LoadAsync(Alice)).Records.Online);
    }

    [Fact]
    public async Task AProfileReadBeforeTheUserCameAndWentIsRefused()
    {
        await CommitAsync(Alice, new(null, Profile()));
        var old = await LoadAsync(Alice);
        await CommitAsync(Alice, new(Online(), old.Records.Profile));
        await CommitAsync(Alice, new(null, Profile()));

        Assert.False(await TryCommitAsync(old, new(Online(), old.Records.Profile)));
    }

    [Fact]
    public async Task WhoComesIsReadAsAnybody()
    {
        foreach (var records in new UserRecords[]
        {
            new(Online(), null), new(null, Profile()), new(Online() with { Version = 2 }, null), new(null, Profile() with { Version = 3 }),
            new(null, ProfileRecord.Tombstone(Start)), new(Online() with { Version = 4 }, null),
        })
        {
            await CommitAsync(Alice, records);

            var (stored, coming) = (await LoadAsync(Alice), await Store.LoadComingAsync(Alice, Cancellation));
            Assert.Equal((stored.Tag, stored.Records.ViewOf(Alice)), (coming.Tag, coming.Records.ViewOf(Alice)));
        }
    }

    [Fact]
    public async Task WhoWasReadAsComingAndHasComeMeanwhileIsRefused()
    {
        await CommitAsync(Alice, new(null, Profile()));
        var coming = await Store.LoadComingAsync(Alice, Cancellation);
        await CommitAsync(Alice, new(Online(), null));

        Assert.False(await TryCommitAsync(coming, new(Online() with { Version = 2 }, null)));
        await CommitAsync(Alice, new(null, Profile()));
        Assert.False(await TryCommitAsync(coming, new(Online() with { Version = 2 }, null)));
    }

    [Fact]
    public async Task OnlyUsersDueAreFound()
    {
        await CommitAsync(Alice, new(Online() with { DueAt = Start + Seconds(10) }, null));

        Assert.Empty(await DueAsync(Alice, Start + Seconds(9.999)));
        var due = Assert.Single(await DueAsync(Alice, Start + Seconds(10)));
        Assert.True(await TryCommitAsync(due, new(null, Profile())));
        Assert.Empty(await DueAsync(Alice, Start + Seconds(10)));
    }

    [Fact]
    public async Task EverythingOfADutyIsKept()
    {
        var view = new UserRecords(Online(), null).ViewOf(Alice);
        var news = new Transition(Alice, view with { LastSeenAt = Start + Seconds(0.5) }, ["a", "b"], IsWatched: true, Start + Seconds(0.001));
        var duty = new Duty
        {
            News = news, Connections = ["open'/1", "2"], Entered = ["a"], Watched = [Bob, Guest], Exited = ["c"], IsWelcome = true, Closes = true,
            Roster = new(
                7,
                view with { HiddenLastSeenAt = Start + Seconds(0.25), HiddenFrom = "a|c" },
                [new("a", IsNamed: true, Replaces: 0), new("c", IsNamed: false)]),
            Unwatched = [Guest], IsUntimed = true, IsRestricted = true,
        };
        await CommitAsync(Alice, new(Online(), null), new(Alice, "id", duty, Start + Seconds(8)));

        var owed = Assert.Single(await OwedAsync(Start + Seconds(8)));

        Assert.Equal((Alice, "id", Start + Seconds(8)), (owed.User, owed.Id, owed.DueAt));
        Assert.Equal(news with { Conversations = owed.Duty.News!.Conversations }, owed.Duty.News);
        Assert.Equal(news.Conversations, owed.Duty.News.Conversations);
        Assert.Equal(duty.Connections, owed.Duty.Connections);
        Assert.Equal(duty.Entered, owed.Duty.Entered);
        Assert.Equal(duty.Watched, owed.Duty.Watched);
        Assert.Equal(duty.Exited, owed.Duty.Exited);
        Assert.Equal((true, true), (owed.Duty.IsWelcome, owed.Duty.Closes));
        Assert.Equal(duty.Unwatched, owed.Duty.Unwatched);
        Assert.Equal((true, true), (owed.Duty.IsUntimed, owed.Duty.IsRestricted));
        Assert.Equal((7, duty.Roster.View), (owed.Duty.Roster!.Revision, owed.Duty.Roster.View));
        Assert.Equal(duty.Roster.Places, owed.Duty.Roster.Places);
    }

    [Theory]
    [InlineData(PresenceStatus.Online)]
    [InlineData(PresenceStatus.Away)]
    [InlineData(PresenceStatus.Offline)]
    public async Task NewsOfEachStatusIsKept(PresenceStatus status)
    {
        await CommitAsync(Alice, new(Online(), null), Owed(Alice, "id", status));

        Assert.Equal(status, Assert.Single(await OwedAsync(Start)).Duty.News!.View.Status);
    }

    [Fact]
    public async Task NewsForSomeAloneIsKeptAsSuch()
    {
        var news = new Transition(Alice, new UserRecords(Online(), null).ViewOf(Alice) with { HiddenLastSeenAt = Start }, [], IsWatched: false, Start);
        foreach (var some in (Transition[])[news with { Only = Guest }, news with { OnlyMembersOf = "a" }, news with { FarewellIn = "b", FarewellVersion = 7 }])
        {
            await CommitAsync(Alice, new(Online(), null), new(Alice, "id", new Duty { News = some }, Start));

            var owed = Assert.Single(await OwedAsync(Start));

            Assert.Equal(some with { Conversations = owed.Duty.News!.Conversations }, owed.Duty.News);
            await Store.CrossOutAsync([owed], Cancellation);
        }
    }

    [Fact]
    public async Task WhoHasBlockedAConversationIsKeptUntilItHasNot()
    {
        Assert.Empty(await Store.BlockersAsync("a", Cancellation));
        await Store.SetBlockerAsync("a", Alice, holds: true, Cancellation);
        await Store.SetBlockerAsync("a", Alice, holds: true, Cancellation);
        await Store.SetBlockerAsync("a", Guest, holds: true, Cancellation);
        await Store.SetBlockerAsync("a-and-more", Bob, holds: true, Cancellation);

        Assert.Equal(["alice", "anon:guest"], (await Store.BlockersAsync("a", Cancellation)).Select(user => user.ToString()).Order(StringComparer.Ordinal));

        await Store.SetBlockerAsync("a", Alice, holds: false, Cancellation);
        await Store.SetBlockerAsync("a", Alice, holds: false, Cancellation);

        Assert.Equal([Guest], await Store.BlockersAsync("a", Cancellation));
        Assert.Equal([Bob], await Store.BlockersAsync("a-and-more", Cancellation));
        Assert.Empty(await Store.RosterAsync("a", Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task ARosterKeepsWhatItMustNotTellEverybody()
    {
        var view = new UserRecords(null, Profile()).ViewOf(Alice).As(LastSeenPrecision.Coarse) with { HiddenFrom = "a|b" };
        await Store.WriteRosterAsync(Conversation, [new(Alice, 1, view, null)], Cancellation);

        Assert.Equal((Start, "a|b"), (view.HiddenLastSeenAt, view.HiddenFrom));
        Assert.Equal([view], await RosterAsync());
    }

    [Fact]
    public async Task DutiesAreFoundFromWhenTheyAreDueUntilTheyAreCrossedOut()
    {
        StoredDuty[] duties = [Owed(Alice, "1"), Owed(Alice, "2", due: Start + Seconds(1)), Owed(Bob, "1"), Owed(Guest, "1")];
        foreach (var duty in duties)
        {
            await CommitAsync(duty.User, new(Online() with { Version = Start.Millisecond + 1 }, null), duty);
        }

        Assert.Empty(await OwedAsync(Start - Seconds(0.001)));
        Assert.Equal(Keys(duties.Where(d => d.DueAt == Start)), Keys(await OwedAsync(Start)));
        await Store.CrossOutAsync([duties[0], duties[2], duties[2]], Cancellation);
        Assert.Equal(Keys([duties[1], duties[3]]), Keys(await OwedAsync(Start + Seconds(1))));

        // Some are gone already.
        await Store.CrossOutAsync([.. duties, Owed(Bob, "never")], Cancellation);
        Assert.Empty(await OwedAsync(Start + Seconds(1)));
    }

    [Fact]
    public async Task ManyAreChangedAndOneWhomAnotherHasChangedTakesNobodyAlong()
    {
        PresenceKey[] users = [.. Users(200).Where(u => ShardOf(u) == ShardOf(Alice)).Take(30)];
        foreach (var user in users)
        {
            await CommitAsync(user, new(Online(), null));
        }

        var loaded = await Task.WhenAll(users.Select(LoadAsync));
        await CommitAsync(users[3], new(Online() with { Version = 2 }, null));
        var commits = loaded.Select(u => new PendingCommit(u, new(null, Profile() with { Version = 5, WriteId = "mine" }), Owed(u.User, "id", PresenceStatus.Offline))).ToList();

        var results = await Store.CommitManyAsync(commits, Cancellation).ToListAsync(Cancellation);

        Assert.Equal(Enumerable.Range(0, 30), results.Select(r => r.Index).Order());
        Assert.Equal((3, CommitResult.Refused), Assert.Single(results, r => r.Result != CommitResult.Made));
        foreach (var user in users)
        {
            Assert.Equal(user == users[3] ? 2 : 5, (await LoadAsync(user)).Records.Version);
        }

        Assert.Equal(29, (await OwedAsync(Start)).Count);
    }

    [Fact]
    public async Task DutiesPutOffAreFoundLaterAndSayTheSame()
    {
        StoredDuty[] duties = [Owed(Alice, "1"), Owed(Alice, "2"), Owed(Bob, "1")];
        foreach (var duty in duties)
        {
            await CommitAsync(duty.User, new(Online() with { Version = Start.Millisecond + 1 }, null), duty);
        }

        var found = await OwedAsync(Start);
        await Store.CrossOutAsync(duties[..1], Cancellation);

        Assert.Equal(Keys(duties[1..]), Keys(await Store.PutOffAsync(found, Start + Seconds(10), Cancellation)));

        Assert.Empty(await OwedAsync(Start + Seconds(9.999)));
        var later = await OwedAsync(Start + Seconds(10));
        Assert.Equal(Keys(duties[1..]), Keys(later));
        Assert.All(later, duty => Assert.Equal(duty.Duty.News!.View, found.Single(d => (d.User, d.Id) == (duty.User, duty.Id)).Duty.News!.View));
        await Store.CrossOutAsync(later, Cancellation);
        Assert.Empty(await OwedAsync(Start + Seconds(10)));
    }

    [Fact]
    public async Task ADutyThatAnotherHasPutOffIsHisAndSoAreThoseOfItsUserAskedForWithIt()
    {
        foreach (var id in new[] { "1", "2" })
        {
            await CommitAsync(Alice, new(Online() with { Version = Start.Millisecond + 1 }, null), Owed(Alice, id));
        }

        var found = await OwedAsync(Start);
        Assert.Single(await Store.PutOffAsync(found[..1], Start + Seconds(10), Cancellation));

        Assert.Empty(await Store.PutOffAsync(found, Start + Seconds(20), Cancellation));

        Assert.Equal(Keys(found[1..]), Keys(await OwedAsync(Start)));
        Assert.Equal(Keys(found), Keys(await OwedAsync(Start + Seconds(10))));
    }

    [Fact]
    public async Task ADutyIsKeptExactlyWhereItsChangeIs()
    {
        var nobody = await LoadAsync(Alice);
        Assert.True(await TryCommitAsync(nobody, new(Online(), null), Owed(Alice, "won")));
        Assert.False(await TryCommitAsync(nobody, new(Online(), null), Owed(Alice, "lost")));

        Assert.Equal("won", Assert.Single(await OwedAsync(Start)).Id);
    }

    [Fact]
    public async Task WhatIsOwedOfAUserWhomNobodyKnowsIsKeptWithoutOtherRows()
    {
        await CommitAsync(Alice, default, Owed(Alice, "id"));

        Assert.Single(await OwedAsync(Start));
        Assert.Equal(default, (await LoadAsync(Alice)).Records);
    }

    [Fact]
    public async Task DutiesThatAreOldAreAbandonedHoweverOftenTheyWerePutOff()
    {
        foreach (var (id, due) in new[] { ("1", Start), ("2", Start + Seconds(1)), ("3", Start + Seconds(2)) })
        {
            await CommitAsync(Alice, new(Online(), null), Owed(Alice, id, due: due));
        }

        Assert.Single(await Store.PutOffAsync(await OwedAsync(Start), Start + Seconds(5), Cancellation));
        Assert.Equal(2, await Store.AbandonDutiesAsync(Start + Seconds(1), Cancellation));
        Assert.Equal("3", Assert.Single(await OwedAsync(Start + Seconds(9))).Id);
        Assert.Equal(0, await Store.AbandonDutiesAsync(Start + Seconds(1), Cancellation));
    }

    [Fact]
    public async Task ATombstoneTakesThePlaceOfTheProfileAndGivesItBack()
    {
        var erased = ProfileRecord.Tombstone(Start) with { WriteId = "w", Revision = 8 };
        await CommitAsync(Alice, new(null, Profile()));
        await CommitAsync(Alice, new(null, erased));

        var tombstone = await LoadAsync(Alice);
        Assert.Equal(new(null, erased with { Conversations = tombstone.Records.Profile!.Conversations }), tombstone.Records);
        Assert.True(await TryCommitAsync(tombstone, new(Online(), null)));
        Assert.False(await TryCommitAsync(tombstone, new(Online(), null)));
        Assert.NotNull((await LoadAsync(Alice)).Records.Online);

        await CommitAsync(Alice, new(null, Profile() with { Version = 2 }));
        Assert.Equal((null, Start), ((await LoadAsync(Alice)).Records.Profile!.ErasedAt, (await LoadAsync(Alice)).Records.Profile!.LastSeenAt));
    }

    [Fact]
    public async Task OneWhomNobodyKnowsCanBeErased()
    {
        await CommitAsync(Alice, new(null, ProfileRecord.Tombstone(Start)));

        Assert.Equal(Start, (await LoadAsync(Alice)).Records.Profile!.ErasedAt);
        var tombstone = await LoadAsync(Alice);
        Assert.True(await TryCommitAsync(tombstone, new(null, new ProfileRecord { Conversations = ["a"] })));
        Assert.False(await TryCommitAsync(tombstone, new(null, new ProfileRecord { Conversations = ["b"] })));
        Assert.Equal(["a"], (await LoadAsync(Alice)).Records.Conversations);
    }

    [Fact]
    public async Task TombstonesThatAreOldAreRemovedAndNothingElse()
    {
        await CommitAsync(Alice, new(null, ProfileRecord.Tombstone(Start)));
        await CommitAsync(Bob, new(null, ProfileRecord.Tombstone(Start + Seconds(1))));
        await CommitAsync(Guest, new(null, Profile()));

        Assert.Equal(0, await Erasures.RemoveTombstonesAsync(Start - Seconds(1), Clock.GetUtcNow(), Cancellation));
        Assert.Equal(1, await Erasures.RemoveTombstonesAsync(Start, Clock.GetUtcNow(), Cancellation));

        Assert.Equal(default, (await LoadAsync(Alice)).Records);
        Assert.NotNull((await LoadAsync(Bob)).Records.Profile!.ErasedAt);
        Assert.NotNull((await LoadAsync(Guest)).Records.Profile);
    }

    [Fact]
    public async Task ATombstoneOfOneWhoIsKeptOutStaysAsLongAsThat()
    {
        await CommitAsync(Alice, new(null, ProfileRecord.Tombstone(Start) with { BannedUntil = Start + Seconds(60) }));

        Assert.Equal(0, await Erasures.RemoveTombstonesAsync(Start + Seconds(59), Clock.GetUtcNow(), Cancellation));
        Assert.Equal(Start + Seconds(60), (await LoadAsync(Alice)).Records.Profile!.BannedUntil);
        Assert.Equal(1, await Erasures.RemoveTombstonesAsync(Start + Seconds(60), Clock.GetUtcNow(), Cancellation));
    }

    [Fact]
    public async Task ARosterSaysWhatItWasToldLast()
    {
        await TellAsync(Alice, 5);
        await TellAsync(Bob, 5, PresenceStatus.Away);
        Assert.Equal(("alice", PresenceStatus.Online, Start), (await RosterAsync()).Select(v => (v.UserId, v.Status, v.LastActiveAt!.Value)).Min());

        await Store.WriteRosterAsync(
            Conversation, [new(Alice, 6, new UserRecords(null, Profile()).ViewOf(Alice), Replaces: 5), new(Bob, 7, null, Replaces: 5)], Cancellation);

        var left = Assert.Single(await RosterAsync());
        Assert.Equal(("alice", PresenceStatus.Offline, Start), (left.UserId, left.Status, left.LastSeenAt));
    }

    [Fact]
    public async Task WhatComesLateOrTwiceChangesNothing()
    {
        await TellAsync(Alice, 6, PresenceStatus.Away, replaces: 5);
        await TellAsync(Alice, 5);
        await TellAsync(Alice, 6, PresenceStatus.Away, replaces: 5);
        await TellAsync(Alice, 6, PresenceStatus.Away, replaces: 5);

        Assert.Equal(PresenceStatus.Away, Assert.Single(await RosterAsync()).Status);
    }

    [Fact]
    public async Task WhoHasLeftIsNotBroughtBackByWhatComesLate()
    {
        await TellAsync(Alice, 5);
        await TellAsync(Alice, 6, status: null, replaces: 5);
        await TellAsync(Alice, 5);
        Assert.Empty(await RosterAsync());

        await TellAsync(Alice, 4, replaces: 3);
        Assert.Empty(await RosterAsync());

        await TellAsync(Alice, 7);
        await TellAsync(Alice, 6, status: null, replaces: 5);
        Assert.Single(await RosterAsync());
    }

    [Fact]
    public async Task WhatIsToldAgainReplacesWhateverThereIs()
    {
        await TellAsync(Alice, 3);
        await TellAsync(Alice, 5);
        await TellAsync(Bob, 4);

        await Store.WriteRosterAsync(Conversation, [new(Alice, 8, null, IsLate: true), new(Bob, 3, null, IsLate: true)], Cancellation);

        Assert.Equal(["bob"], (await RosterAsync()).Select(v => v.UserId));
    }

    [Fact]
    public async Task OfSeveralThingsToldOfAUserTogetherTheLastCounts()
    {
        await TellAsync(Alice, 5);

        await Store.WriteRosterAsync(
            Conversation, [Entry(Alice, 7, PresenceStatus.Away, replaces: 6), Entry(Alice, 6, PresenceStatus.Online, replaces: 5), Entry(Bob, 1)], Cancellation);

        Assert.Equal([PresenceStatus.Away, PresenceStatus.Online], (await RosterAsync()).OrderBy(v => v.UserId, StringComparer.Ordinal).Select(v => v.Status));
    }

    [Fact]
    public async Task ACrowdIsToldTogether()
    {
        await Store.WriteRosterAsync(Conversation, [.. Users(1_200).Select(user => Entry(user, 5))], Cancellation);
        await Store.WriteRosterAsync(Conversation, [.. Users(1_100).Select(user => Entry(user, 6, status: null, replaces: 5))], Cancellation);

        Assert.Equal(100, (await RosterAsync()).Count);
    }

    [Fact]
    public async Task AConversationIsNotMistakenForOneWhoseIdBeginsAlike()
    {
        await TellAsync(Alice, 1);
        await TellAsync(Bob, 1, conversation: Conversation + "0");

        Assert.Equal("alice", Assert.Single(await RosterAsync()).UserId);
    }

    [Fact]
    public async Task ACleanUpChangesNoRoster()
    {
        await TellAsync(Alice, 5);
        await TellAsync(Alice, 6, PresenceStatus.Away);
        await TellAsync(Bob, 5);
        await TellAsync(Bob, 6, status: null);
        await TellAsync(Guest, 5, conversation: "other");

        await Store.CleanRostersAsync(Cancellation);

        Assert.Equal(PresenceStatus.Away, Assert.Single(await RosterAsync()).Status);
        Assert.Single(await Store.RosterAsync("other", Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task OnlyAnonymousParticipantsAndThoseNeverSeenAreEverLongGone()
    {
        var registered = PresenceKey.Registered("guest");
        var never = new ProfileRecord { IsWatched = true, TouchedAt = Start };
        await CommitAsync(Guest, new(null, Profile()));
        await CommitAsync(registered, new(null, Profile()));
        await CommitAsync(Alice, new(null, never));
        await CommitAsync(Bob, new(null, never with { Conversations = [Conversation] }));

        Assert.Equal(["alice", "anon:guest"], (await GoneAsync(Start)).Select(u => u.ToString()).Order());
        Assert.Empty(await GoneAsync(Start - Seconds(1)));
        await CommitAsync(Guest, default);
        Assert.Equal(default, (await LoadAsync(Guest)).Records);

        async Task<List<PresenceKey>> GoneAsync(DateTimeOffset until) =>
            await Store.LongGoneAsync(until, Cancellation).Select(u => u.User).ToListAsync(Cancellation);
    }

    [Fact]
    public async Task ManyAreReadAsEachWouldBe()
    {
        await CommitAsync(Alice, new(Online() with { Status = PresenceStatus.Away }, null));
        await CommitAsync(Bob, new(null, Profile()));
        await CommitAsync(Guest, new(null, ProfileRecord.Tombstone(Start)));
        PresenceKey[] users = [Alice, Bob, Guest, .. Users(8)];

        var views = await Store.ReadManyAsync(users, (_, _) => true, Cancellation);

        Assert.Equal(users.Length, views.Count);
        foreach (var user in users)
        {
            Assert.Equal((await LoadAsync(user)).Records.ViewOf(user), views[user].Records.ViewOf(user));
        }

        Assert.Empty(await Store.ReadManyAsync([], (_, _) => true, Cancellation));
    }

    private protected abstract (IPresenceStore Users, IErasureStore Erasures) CreateStores();

    private static OnlineRecord Online() => new()
    {
        Since = Start, LastActiveAt = Start, RecordedAt = Start, Status = PresenceStatus.Online, Version = 1, DueAt = Start + Seconds(300),
    };

    /// <summary>Relations of every kind.</summary>
    private static Relations Every() => new()
    {
        SeenBy = [Bob, Guest], Sees = [Guest, PresenceKey.Registered("a|'\"😀/b")], SeenIn = ["a", "b"],
        Blocks = [new(Bob, Start + Seconds(0.001), 7), new(Guest, null, 0), new(Alice, Start, long.MaxValue, IsCoarse: true)],
        BlockedConversations = ["c"], Guarded = ["d", "e"], ChangedAt = Start + Seconds(3),
    };

    private static void AssertSame(Relations expected, Relations actual)
    {
        Assert.Equal(expected.SeenBy, actual.SeenBy);
        Assert.Equal(expected.Sees, actual.Sees);
        Assert.Equal(expected.SeenIn, actual.SeenIn);
        Assert.Equal(expected.Blocks, actual.Blocks);
        Assert.Equal(expected.BlockedConversations, actual.BlockedConversations);
        Assert.Equal(expected.Guarded, actual.Guarded);
        Assert.Equal(expected.ChangedAt, actual.ChangedAt);
    }

    private static ProfileRecord Profile() => new() { LastSeenAt = Start, LeftAt = Start, Version = 1 };

    private protected abstract int ShardOf(PresenceKey user);

    private async Task<StoredUser> LoadAsync(PresenceKey user) => await Store.LoadAsync(user, Cancellation);

    private async Task<bool> TryCommitAsync(StoredUser before, UserRecords after, StoredDuty? owed = null) =>
        await Store.TryCommitAsync(before, after, owed, Cancellation);

    private async Task CommitAsync(PresenceKey user, UserRecords after, StoredDuty? owed = null) =>
        Assert.True(await TryCommitAsync(await LoadAsync(user), after, owed));

    private static StoredDuty Owed(PresenceKey user, string id, PresenceStatus status = PresenceStatus.Online, DateTimeOffset? due = null) => new(
        user,
        id,
        new Duty { News = new(user, new UserRecords(Online() with { Status = status }, null).ViewOf(user), ["a"], IsWatched: false, Start) },
        due ?? Start);

    private static IEnumerable<(PresenceKey, string)> Keys(IEnumerable<StoredDuty> duties) =>
        duties.Select(d => (d.User, d.Id)).OrderBy(k => k.User.ToString(), StringComparer.Ordinal).ThenBy(k => k.Id, StringComparer.Ordinal);

    private async Task<List<StoredUser>> DueAsync(PresenceKey user, DateTimeOffset now) =>
        await Dues.DueAsync(ShardOf(user), now, Cancellation).Where(d => d.User is not null).Select(d => d.User!).ToListAsync(Cancellation);

    private async Task<List<StoredDuty>> OwedAsync(DateTimeOffset now)
    {
        var owed = new List<StoredDuty>();
        for (var shard = 0; shard < Dues.ShardCount; shard++)
        {
            var isUser = true;
            await foreach (var row in Dues.DueAsync(shard, now, Cancellation))
            {
                // Users come first.
                Assert.True(isUser || row.User is null);
                Assert.True(row.User is null != row.Duty is null);
                isUser = row.User is not null;
                owed.AddRange(row.Duty is { } duty ? [duty] : []);
            }
        }

        return owed;
    }

    private Task TellAsync(
        PresenceKey user, long revision, PresenceStatus? status = PresenceStatus.Online, long? replaces = null, string conversation = Conversation) =>
        Store.WriteRosterAsync(conversation, [Entry(user, revision, status, replaces)], Cancellation);

    private static RosterEntry Entry(PresenceKey user, long revision, PresenceStatus? status = PresenceStatus.Online, long? replaces = null) => new(
        user, revision, status is { } here ? new UserRecords(Online() with { Status = here }, null).ViewOf(user) : null, replaces);

    private async Task<List<PresenceView>> RosterAsync() =>
        await Store.RosterAsync(Conversation, Cancellation).Select(m => m.View).ToListAsync(Cancellation);
}

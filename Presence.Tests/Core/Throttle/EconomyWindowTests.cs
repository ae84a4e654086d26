using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Throttle;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Throttle;

/// <summary>Steps of economy come and go while users call, and instances learn of them one after the other.</summary>
public sealed class EconomyWindowTests
{
    private static readonly Economy[] Steps = Enum.GetValues<Economy>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task WhoIsActiveAllTheTimeIsNeverTakenForGoneOrAway(int seed)
    {
        var random = new Random(seed);
        var clock = Clock();
        var store = new InMemoryPresenceStore();
        var (window, gone) = (Seconds(random.Next(1, 61)), Seconds(random.Next(20, 301)));
        var connected = seed % 2 == 0;
        var wrong = new List<string>();
        store.Applied = (before, after) =>
        {
            if (before.Records.SessionStatus == PresenceStatus.Online && after.SessionStatus != PresenceStatus.Online)
            {
                wrong.Add($"{after.SessionStatus} at {clock.GetUtcNow() - Start}");
            }
        };
        Instance[] instances = [.. Enumerable.Range(0, 3).Select(_ => Instance.OverMemory(store, clock, o =>
            (o.ThrottleWindow, o.OfflineAfter, o.AwayAfter, o.MonthlyBudget) = (window, gone, gone, 1)))];
        if (connected)
        {
            await instances[0].ApplyAsync(Alice, new Connected(Connection));
            instances[0].Realtime.Has(Connection);
        }

        string? token = null;
        var most = (int)Math.Max(1, gone.TotalSeconds / 4);
        for (var (second, next) = (0, 0); second < 1_500; second++)
        {
            if (random.Next(40) == 0)
            {
                random.GetItems(instances, 1)[0].Get<SettingsInForce>().Take(random.GetItems(Steps, 1)[0]);
            }

            if (second == next)
            {
                var result = await random.GetItems(instances, 1)[0].Recorder.RecordAsync(Alice, clock.GetUtcNow(), random.Next(2) == 0 ? token : null);
                token = result.Token ?? token;
                next = second + random.Next(1, most + 1);
            }

            clock.Advance(Seconds(1));
            foreach (var instance in instances)
            {
                await instance.Get<HeldActivityWriter>().WriteAsync(all: false, Cancellation);
            }

            if (second % 5 == 0)
            {
                await instances[0].Sweep.RunAsync(Cancellation);
            }
        }

        Assert.True(wrong.Count == 0, $"window {window}, gone after {gone}: {string.Join(", ", wrong)}");
        foreach (var instance in instances)
        {
            await instance.DisposeAsync();
        }
    }

    [Fact]
    public async Task AWiderWindowRecordsLessOftenAndTheClientIsToldToCallLater()
    {
        await using var instance = Instance.OverMemory(new InMemoryPresenceStore(), Clock(), o => o.MonthlyBudget = 1);
        var normal = await instance.Recorder.RecordAsync(Alice, Start);
        instance.Get<SettingsInForce>().Take(Economy.Thrifty);
        var thrifty = await instance.Recorder.RecordAsync(Bob, Start);

        Assert.Equal((Start + Seconds(65), Start + Seconds(130)), (normal.NextRecordAt, thrifty.NextRecordAt));
    }

    [Fact]
    public async Task WhatAWiderWindowHoldsBackIsWrittenInTimeWhenTheStepIsUndone()
    {
        var clock = Clock();
        var store = new InMemoryPresenceStore();
        await using var instance = Instance.OverMemory(store, clock, o => o.MonthlyBudget = 1);
        instance.Get<SettingsInForce>().Take(Economy.Austere);
        await instance.Recorder.RecordAsync(Alice, Start);
        clock.Advance(Seconds(150));
        await instance.Recorder.RecordAsync(Alice, clock.GetUtcNow());
        instance.Get<SettingsInForce>().Take(Economy.Normal);

        for (var second = 150; second < 295; second++)
        {
            clock.Advance(Seconds(1));
            await instance.Get<HeldActivityWriter>().WriteAsync(all: false, Cancellation);
        }

        Assert.Equal(Start + Seconds(150), (await instance.ViewAsync(Alice)).LastActiveAt);
        await instance.Sweep.RunAsync(Cancellation);
        Assert.Equal(PresenceStatus.Online, (await instance.ViewAsync(Alice)).Status);
    }
}

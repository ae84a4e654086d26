using System.Net.Http.Json;
using System.Text.Json;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Tests.Core;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class ForecastTests
{
    private const int Weeks = 8;

    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public async Task WhoKeptOfficeHoursIsUsuallyHereThen()
    {
        await using var system = await Target.OwnAsync(null, (nameof(PresenceOptions.HistoryRetention), "200.00:00:00"));
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("acme/bob"));
        await LiveAsync(system, bob);

        var told = (await alice.Caller.GetAsync($"api/forecast?userId={Uri.EscapeDataString(bob.Id)}&timeZone=Europe/Berlin")).Data;

        Assert.Equal((bob.Id, "Europe/Berlin", JsonValueKind.Null), (told.GetProperty("userId").GetString(), told.GetProperty("timeZone").GetString(), told.GetProperty("none").ValueKind));
        var hours = told.GetProperty("hours").EnumerateArray().Select(one => (Start: one.GetProperty("start").GetDateTimeOffset(), End: one.GetProperty("end").GetDateTimeOffset())).ToList();
        Assert.InRange(hours.Count, 4, 6);
        Assert.All(hours, one => Assert.Equal((Berlin.GetUtcOffset(one.Start), Berlin.GetUtcOffset(one.End)), (one.Start.Offset, one.End.Offset)));

        // The first and the last may be cut by the hour under way.
        Assert.All(hours.Skip(1).SkipLast(1), one => Assert.Equal((9, 17), (one.Start.Hour, one.End.Hour)));
        Assert.DoesNotContain(hours, one => one.Start.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday);

        // Himself as others, by the path as well.
        Assert.Equal(told.GetRawText(), (await bob.Caller.GetAsync("api/presence/me/forecast?timeZone=Europe/Berlin")).Data.GetRawText());
    }

    [Fact]
    public async Task WhoHidesIsAsOneOfWhomLittleIsKnown()
    {
        await using var system = await Target.OwnAsync(null, (nameof(PresenceOptions.HistoryRetention), "200.00:00:00"));
        var (alice, bob) = (system.NewUser("alice"), system.UserOf("bob"));
        await LiveAsync(system, bob);

        await SayAsync("""{"visibility":"nobody"}""");
        await SayAsync("""{"visibility":"default","lastSeen":"coarse"}""");
        await SayAsync("""{"lastSeen":"nobody"}""");

        async Task SayAsync(string privacy)
        {
            (await bob.Caller.SendAsync(HttpMethod.Put, "api/presence/me/privacy", JsonContent.Create(JsonElement.Parse(privacy)))).MustBeOk();
            var (hidden, unknown) = (await alice.Caller.GetAsync("api/presence/bob/forecast"), await alice.Caller.GetAsync("api/presence/eve/forecast"));
            Assert.Equal("too_little_history", hidden.Text("none"));
            Assert.Equal(unknown.Body.Replace("eve", "bob", StringComparison.Ordinal), hidden.Body);
        }
    }

    [Fact]
    public async Task WithoutHistoryThereIsNone()
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");

        Assert.Equal("history_off", (await alice.Caller.GetAsync("api/presence/me/forecast")).Text("none"));
    }

    [Theory]
    [InlineData("api/presence/bob/forecast?timeZone=Mars/Olympus", "timeZone")]
    [InlineData("api/presence/bob/forecast?timeZone=../../etc/passwd", "timeZone")]
    [InlineData("api/presence/bob/forecast?timeZone=/etc/localtime", "timeZone")]
    [InlineData("api/presence/bob/forecast?timeZone=UTC&timeZone=UTC", "timeZone")]
    [InlineData("api/presence/a%25b/forecast", "?userId=")]
    [InlineData("api/presence/acme%2Fbob/forecast", "?userId=")]
    [InlineData("api/presence/bob/forecast?userId=bob", "userId")]
    [InlineData("api/presence/anon:/forecast", "userId")]
    [InlineData("api/forecast", "userId")]
    [InlineData("api/forecast?userId=", "userId")]
    [InlineData("api/forecast?userId=a&userId=b", "userId")]
    public async Task WhatIsWrongIsRefusedByItsName(string path, string field)
    {
        var system = await Target.AnyAsync();

        (await system.NewUser("alice").Caller.GetAsync(path)).MustRefuse(field);
    }

    /// <summary>Weeks of office hours, by the clocks of Berlin, kept as a change keeps them that ends one; nobody is here meanwhile whom the host's sweep could find.</summary>
    private static async Task LiveAsync(PresenceSystem system, User user)
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var instance = Instance.OverTable(await SharedParts.StorageAsync(), TimeProvider.System, options =>
        {
            options.TableName = system.Table;
            options.HistoryRetention = TimeSpan.FromDays(200);
        });
        var key = PresenceKey.Registered(user.Id);
        for (var day = TimeZoneInfo.ConvertTime(now, Berlin).Date.AddDays((-7 * Weeks) - 1); At(day.AddHours(17)) <= now; day = day.AddDays(1))
        {
            if (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
            {
                continue;
            }

            var before = await instance.Store.LoadAsync(key, TestContext.Current.CancellationToken);
            var after = new UserRecords(null, before.Records.Profile ?? new ProfileRecord());
            Assert.True(await instance.Store.TryCommitAsync(
                new PendingCommit(before, after, null) { Finished = new Session(At(day.AddHours(9)), At(day.AddHours(17))) }, TestContext.Current.CancellationToken));
        }
    }

    private static DateTimeOffset At(DateTime local) => new DateTimeOffset(local, Berlin.GetUtcOffset(local)).ToUniversalTime();
}

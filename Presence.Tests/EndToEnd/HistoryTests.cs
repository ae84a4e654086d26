using System.Globalization;
using System.Net;
using Presence.Core.Options;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

/// <summary>When users were here, and when somebody was in a conversation.</summary>
public class HistoryTests
{
    [Fact]
    public async Task AUserReadsItsSessionsAndTheBackendReadsTheSame()
    {
        await using var system = await KeepingAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        await alice.ActAsync();
        await bob.ActAsync();
        Assert.Empty(await SessionsAsync(alice.Caller, "api/presence/me/history"));
        await alice.SignOutAsync();

        var own = Assert.Single(await SessionsAsync(alice.Caller, "api/presence/me/history"));
        Assert.True(own.Start < own.End && own.End - own.Start < TimeSpan.FromMinutes(1));
        Assert.Equal([own], await SessionsAsync(system.Backend, $"api/history/{alice.Id}"));
        Assert.Equal([own], await SessionsAsync(system.Backend, $"api/history?userId={alice.Id}&from={Day(own.End)}&to={Day(own.End)}"));
        Assert.Empty(await SessionsAsync(system.Backend, $"api/history/{alice.Id}?to={Day(own.End.AddDays(-1))}"));
        Assert.Empty(await SessionsAsync(system.Backend, $"api/history/{bob.Id}"));
        Assert.Equal(30, (await alice.Caller.GetAsync("api/presence/me/history")).Data.GetProperty("retentionDays").GetDouble());
    }

    [Theory]
    [InlineData("format=csv", "application/json", true)]
    [InlineData("", "text/csv", true)]
    [InlineData("", "text/csv, application/json;q=0.5", true)]
    [InlineData("format=json", "text/csv", false)]
    [InlineData("", "application/json, text/csv", false)]
    [InlineData("", "*/*", false)]
    public async Task WhoAsksForCsvGetsIt(string query, string accept, bool isCsv)
    {
        await using var system = await KeepingAsync();
        var guest = await system.NewGuestAsync("guest");
        await guest.ActAsync();
        await guest.SignOutAsync();
        var session = Assert.Single(await SessionsAsync(guest.Caller, "api/presence/me/history"));

        foreach (var (caller, path) in new[] { (guest.Caller, "api/presence/me/history?"), (system.Backend, $"api/history?userId={Uri.EscapeDataString(guest.Id)}&") })
        {
            var answer = (await caller.With("Accept", accept).GetAsync(path + query)).MustBeOk();
            Assert.Equal(isCsv ? "text/csv; charset=utf-8" : "application/json; charset=utf-8", answer.Headers["Content-Type"]);
            Assert.Equal("no-store", answer.Headers["Cache-Control"]);
            if (isCsv)
            {
                Assert.Equal($"start,end\r\n{Text(session.Start)},{Text(session.End)}\r\n", answer.Body);
            }
        }
    }

    [Fact]
    public async Task WhatNobodyCouldSeeIsInNoHistory()
    {
        await using var system = await KeepingAsync();
        var alice = system.NewUser("alice");
        await alice.ActAsync();
        await alice.ChooseAsync(new { availability = "invisible" });
        var seen = Assert.Single(await SessionsAsync(system.Backend, $"api/history/{alice.Id}"));
        await alice.ActAsync();
        await alice.SignOutAsync();

        Assert.Equal([seen], await SessionsAsync(system.Backend, $"api/history/{alice.Id}"));
        Assert.Equal([seen], await SessionsAsync(alice.Caller, "api/presence/me/history"));
    }

    [Fact]
    public async Task WhoHidesWhenItWasLastActiveIsInTheHistoryOfTheBackend()
    {
        await using var system = await KeepingAsync();
        var alice = system.NewUser("alice");
        (await alice.Caller.SendAsync(HttpMethod.Put, "api/presence/me/privacy", System.Net.Http.Json.JsonContent.Create(new { lastSeen = "nobody" }))).MustBeOk();
        await alice.ActAsync();
        await alice.SignOutAsync();

        Assert.Single(await SessionsAsync(system.Backend, $"api/history/{alice.Id}"));
    }

    [Fact]
    public async Task AnErasedUserHasNone()
    {
        await using var system = await KeepingAsync();
        var alice = system.NewUser("alice");
        await alice.ActAsync();
        await alice.SignOutAsync();
        await alice.ActAsync();

        var erased = await system.Backend.SendAsync(HttpMethod.Delete, $"maintenance/users/{alice.Id}");

        Assert.True(erased.Data.GetProperty("wasOnline").GetBoolean());
        Assert.Empty(await SessionsAsync(system.Backend, $"api/history/{alice.Id}"));
    }

    [Fact]
    public async Task TheHoursOfAConversationSayHowManyWereInIt()
    {
        await using var system = await KeepingAsync();
        var (alice, bob, conversation) = (system.NewUser("alice"), system.NewUser("bob"), Some.Conversation());
        await system.JoinAsync(conversation, alice, bob);
        await alice.ActAsync();
        await bob.ActAsync();

        var path = $"api/conversations/{conversation}/history";
        await Eventually.BecomesTrueAsync(
            async () => (await system.Backend.GetAsync(path)).Data.GetProperty("hours").EnumerateArray().Any(hour => hour.GetProperty("peak").GetInt32() == 2), "both are counted");

        Assert.StartsWith("hour,peak,onlineMinutes\r\n", (await system.Backend.GetAsync(path + "?format=csv")).Body, StringComparison.Ordinal);
        Assert.Empty((await system.Backend.GetAsync($"api/conversations/{Some.Conversation()}/history")).Data.GetProperty("hours").EnumerateArray());
    }

    [Fact]
    public async Task AnalyticsAnswersTheDaysThatAreSummedUpInTheTimeZoneAskedFor()
    {
        await using var system = await KeepingAsync();
        (await system.Backend.PostAsync("maintenance/cleanup")).MustBeOk();

        var report = (await system.Backend.GetAsync("maintenance/analytics?timeZone=Asia/Kolkata")).Data;

        Assert.Equal("Asia/Kolkata", report.GetProperty("timeZone").GetString());
        Assert.Equal(0, Assert.Single(report.GetProperty("days").EnumerateArray()).GetProperty("users").GetInt32());
        Assert.Equal((24, 7), (report.GetProperty("hours").GetArrayLength(), report.GetProperty("week").GetArrayLength()));
    }

    [Fact]
    public async Task WithoutRetentionThereIsNone()
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");
        await alice.ActAsync();
        await alice.SignOutAsync();

        var answer = await alice.Caller.GetAsync("api/presence/me/history");

        Target.SkipElsewhere("asks for what only the default settings answer");
        Assert.Equal((0, 0), (answer.Data.GetProperty("sessions").GetArrayLength(), answer.Data.GetProperty("retentionDays").GetDouble()));
    }

    [Fact]
    public async Task ReadingItIsNoActivity()
    {
        var system = await Target.AnyAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        await system.JoinAsync(Some.Conversation(), alice, bob);

        (await alice.Caller.GetAsync("api/presence/me/history")).MustBeOk();

        Assert.Equal("offline", await alice.StatusSeenByAsync(bob));
        Assert.Equal(HttpStatusCode.OK, (await alice.Caller.SendAsync(HttpMethod.Head, "api/presence/me/history")).Status);
    }

    private static Task<PresenceSystem> KeepingAsync() => Target.OwnAsync(null, (nameof(PresenceOptions.HistoryRetention), "30.00:00:00"));

    private static async Task<List<(DateTimeOffset Start, DateTimeOffset End)>> SessionsAsync(Caller caller, string path) =>
        [.. (await caller.GetAsync(path)).Data.GetProperty("sessions").EnumerateArray().Select(s => (s.GetProperty("start").GetDateTimeOffset(), s.GetProperty("end").GetDateTimeOffset()))];

    private static string Day(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}

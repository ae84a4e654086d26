using System.Net;
using System.Text.Json;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Presence.Core.Domain;
using Presence.Core.TableStorage;
using Presence.Tests.Core.TableStorage;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

/// <summary>Where a batch fails, the backend can send again what failed, and nothing else.</summary>
public class ActivityBatchFailureTests
{
    private readonly FaultyTransport _transport = new();

    [Fact]
    public async Task WhomStorageRefusesIsNamedAndIsRecordedWhenSentAgain()
    {
        await using var system = await StartAsync();
        User[] users = [.. Enumerable.Range(0, 8).Select(i => system.NewUser(i % 4 == 3 ? "refused" : "taken"))];
        var entries = EntriesOf(users);
        _transport.Answer = request => request.Uri.ToString().Contains("refused", StringComparison.Ordinal) ? new FakeResponse(503) : null;

        var done = (await PostAsync(system, entries)).Data;

        Assert.Equal((6, 0, 0), (Number(done, "recorded"), Number(done, "throttled"), Number(done, "ignored")));
        var failed = done.GetProperty("failed").EnumerateArray().ToList();
        Assert.Equal(
            Enumerable.Range(0, 8).Where(i => i % 4 == 3).Select(i => $$"""{"index":{{i}},"userId":"{{users[i].Id}}","code":"storage_unavailable"}"""),
            failed.Select(one => one.GetRawText()));

        _transport.Answer = null;
        Assert.Equal(2, Number((await PostAsync(system, [.. failed.Select(one => entries[Number(one, "index")])])).Data, "recorded"));
        Assert.Equal(8, Number((await PostAsync(system, entries)).Data, "throttled"));
    }

    [Fact]
    public async Task WhereStorageIsOutOfReachTheWholeIs503AndIsRecordedWhenSentAgain()
    {
        await using var system = await StartAsync();
        var entries = EntriesOf([.. Enumerable.Range(0, 200).Select(_ => system.NewUser("user"))]);
        _transport.Answer = _ => new FakeResponse(503);

        var refused = (await PostAsync(system, entries)).MustBe(HttpStatusCode.ServiceUnavailable, "storage_unavailable");

        Assert.True(refused.RetryAfter > TimeSpan.Zero);
        _transport.Answer = null;
        Assert.Equal(8, Number((await PostAsync(system, entries[..8])).Data, "recorded"));
    }

    [Fact]
    public async Task WhoseRowIsDamagedIsNamedByAnotherCode()
    {
        await using var system = await StartAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        await DamageAsync(system, PresenceKey.Registered(alice.Id));

        var done = (await PostAsync(system, EntriesOf([alice, bob]))).Data;

        Assert.Equal(1, Number(done, "recorded"));
        Assert.Equal(
            $$"""[{"index":0,"userId":"{{alice.Id}}","code":"unreadable_record"}]""", done.GetProperty("failed").GetRawText());
    }

    private static async Task DamageAsync(PresenceSystem system, PresenceKey user)
    {
        await system.NewUser("first").ActAsync();
        await new TableClient(system.Host.StorageConnectionString, system.Table).UpsertEntityAsync(
            new TableEntity(TableKeys.Partition(TableKeys.Shard(user, 16)), TableKeys.Online(user)), cancellationToken: TestContext.Current.CancellationToken);
    }

    private static object[] EntriesOf(User[] users) => [.. users.Select(user => new { userId = user.Id, at = TimeProvider.System.GetUtcNow() })];

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static Task<Answer> PostAsync(PresenceSystem system, object[] entries) => system.Backend.PostAsync("api/activity/batch", entries);

    private Task<PresenceSystem> StartAsync() => Target.OwnAsync(new()
    {
        Services = services => services.Configure<StorageClientOptions>(o => o.Configure = client => client.Transport = _transport),
    });
}

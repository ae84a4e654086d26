using Presence.Core.Ports;
using Presence.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>Something answers that is not the Table service, or the service answers what nobody can read: storage is out of reach.</summary>
public sealed class ForeignAnswerTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private const string Page = "<html><body>Please log in</body></html>";

    private readonly FaultyTransport _transport = new();

    [Theory]
    [InlineData(200)]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(412)]
    [InlineData(502)]
    public async Task ThePageOfAProxyIsNoAnswer(int status)
    {
        var instance = await OpenAsync();
        _transport.Answer = _ => new FakeResponse(status, Page, ("Content-Type", "text/html")) { IsForeign = true };

        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.ApplyAsync(Alice, new Activity(Start)));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.Rosters.ReadAsync("lobby", Cancellation));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.Sweep.RunAsync(Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{\"value\":7}")]
    [InlineData("{\"value\":[{\"PartitionKey\":\"s00\",\"Row")]
    [InlineData(Page)]
    public async Task ABodyThatCannotBeReadIsNoAnswerToAQuery(string body)
    {
        var instance = await OpenAsync();
        _transport.Answer = _ => new FakeResponse(200, body, ("Content-Type", "application/json"));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.Rosters.ReadAsync("lobby", Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"PartitionKey\":\"s00\",\"Row")]
    [InlineData("[]")]
    [InlineData(Page)]
    public async Task ABodyThatCannotBeReadIsNoAnswerToALook(string body)
    {
        var instance = await OpenAsync();
        _transport.Answer = _ => new FakeResponse(200, body, ("Content-Type", "application/json"));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.Store.LoadAsync(Alice, Cancellation).AsTask());
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(202, "")]
    [InlineData(202, Page)]
    [InlineData(202, "--batch\r\nContent-Type: multipart/mixed; boundary=changes\r\n\r\n--changes")]
    public async Task ABodyThatCannotBeReadIsNoAnswerToATransaction(int status, string body)
    {
        var instance = await OpenAsync();
        _transport.Answer = request => FaultyTransport.IsWrite(request)
            ? new FakeResponse(status, body, ("Content-Type", "multipart/mixed; boundary=batch"))
            : null;

        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.ApplyAsync(Alice, new Activity(Start)));
    }

    [Fact]
    public async Task ATableThatIsNotFoundJustAfterItWasMadeIsOutOfReach()
    {
        var instance = await OpenAsync();
        _transport.Answer = request => FaultyTransport.IsWrite(request) ? Error(404, "TableNotFound") : null;

        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.ApplyAsync(Alice, new Activity(Start)));
        _transport.Answer = request => request.Uri.Query.Contains("filter", StringComparison.Ordinal) ? Error(404, "TableNotFound") : null;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.Rosters.ReadAsync("lobby", Cancellation));
    }

    [Theory]
    [InlineData(403, "AccountIsDisabled")]
    [InlineData(409, "TableBeingDeleted")]
    [InlineData(403, "InsufficientAccountPermissions")]
    public async Task AStorageThatRefusesAllIsOutOfReach(int status, string code)
    {
        var instance = await OpenAsync();
        _transport.Answer = _ => Error(status, code);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.ApplyAsync(Alice, new Activity(Start)));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.Rosters.ReadAsync("lobby", Cancellation));
    }

    private static FakeResponse Error(int status, string code) => new(
        status,
        """{"odata.error":{"code":"CODE","message":{"lang":"en-US","value":"."}}}""".Replace("CODE", code, StringComparison.Ordinal),
        ("Content-Type", "application/json"));

    private async Task<Instance> OpenAsync()
    {
        var instance = Create(transport: _transport);
        await instance.Get<PresenceTable>().OpenAsync(Cancellation);
        return instance;
    }
}

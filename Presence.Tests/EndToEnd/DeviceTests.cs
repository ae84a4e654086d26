using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

/// <summary>Where a user is connected, and signing out there.</summary>
public class DeviceTests
{
    private static readonly TimeSpan Moments = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task AUserSeesWhereItIsConnectedAndOthersWhetherThatIsAPhoneAlone()
    {
        var system = await Target.AnyAsync();
        var (alice, bob, _) = await ConnectionTests.PairAsync(system);
        await using var listener = await bob.ListenAsync();
        await using var phone = await alice.ListenSayingAsync(new { device = "mobile", deviceId = "phone-1", foreground = true });
        Assert.Equal("mobile", (await listener.Inbox.MustHearAsync(alice, "online")).GetProperty("device").GetString());
        await using var desk = await alice.ListenSayingAsync(new { device = "desktop" });
        Assert.False((await listener.Inbox.MustHearAsync(alice, "online")).TryGetProperty("device", out _));

        var connections = (await alice.Caller.GetAsync("api/presence/me/connections")).Data.GetProperty("connections").EnumerateArray().ToList();
        Assert.Equal(["mobile phone-1 True", "desktop  "], connections.Select(Said));
        var id = connections[0].GetProperty("connectionId").GetString();
        (await alice.Caller.SendAsync(HttpMethod.Put, $"api/presence/me/connections/{id}", JsonContent.Create(new { foreground = false }))).MustBeOk();

        var left = await alice.Caller.SendAsync(HttpMethod.Delete, $"api/presence/me/connections/{connections[1].GetProperty("connectionId").GetString()}");
        Assert.Equal(["mobile phone-1 False"], left.Data.GetProperty("connections").EnumerateArray().Select(Said));
        await desk.Closed.WaitAsync(Moments, TestContext.Current.CancellationToken);
        Assert.Equal("mobile", (await listener.Inbox.MustHearAsync(alice, "online")).GetProperty("device").GetString());
    }

    [Fact]
    public async Task WhoSignsADeviceOutKeepsItOutWhateverTokenItBrings()
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");
        await using var phone = await alice.ListenSayingAsync(new { deviceId = "phone-1" });
        var id = (await alice.Caller.GetAsync("api/presence/me/connections")).Data.GetProperty("connections")[0].GetProperty("connectionId").GetString();

        (await alice.Caller.SendAsync(HttpMethod.Delete, $"api/presence/me/connections/{id}")).MustBeOk();

        await phone.Closed.WaitAsync(Moments, TestContext.Current.CancellationToken);
        (await alice.Caller.PostAsync("api/negotiate", new { deviceId = "phone-1" })).MustBe(HttpStatusCode.Forbidden, "signed_out");
        (await alice.Caller.PostAsync("api/negotiate", new { deviceId = "desk-1" })).MustBeOk();
        var later = system.SignedInAt(alice, TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(2));
        (await later.Caller.PostAsync("api/negotiate", new { deviceId = "phone-1" })).MustBe(HttpStatusCode.Forbidden, "signed_out");
        (await later.Caller.PostAsync("api/negotiate", new { deviceId = "phone-2" })).MustBeOk();
        Assert.Equal("phone-1", (await alice.Caller.GetAsync("api/presence/me/explain")).Data.GetProperty("signedOutDevices")[0].GetProperty("deviceId").GetString());
    }

    [Fact]
    public async Task NobodyTouchesTheConnectionsOfAnother()
    {
        var system = await Target.AnyAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        await using var listener = await alice.ListenAsync();
        var id = (await alice.Caller.GetAsync("api/presence/me/connections")).Data.GetProperty("connections")[0].GetProperty("connectionId").GetString();

        (await bob.Caller.SendAsync(HttpMethod.Delete, $"api/presence/me/connections/{id}")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await bob.Caller.SendAsync(HttpMethod.Put, $"api/presence/me/connections/{id}", JsonContent.Create(new { foreground = true })))
            .MustBe(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(1, (await alice.Caller.GetAsync("api/presence/me/connections")).Data.GetProperty("connections").GetArrayLength());
    }

    [Theory]
    [InlineData("""{"deviceId":""}""", "deviceId")]
    [InlineData("""{"deviceId":"a b"}""", "deviceId")]
    [InlineData("""{"deviceId":"1234567890123456789012345678901234567"}""", "deviceId")]
    [InlineData("""{"device":""}""", "device")]
    [InlineData("""{"device":"a word of 21 characters"}""", "device")]
    [InlineData("""{"device":7}""", "device")]
    [InlineData("""{"foreground":"yes"}""", "foreground")]
    public async Task BadInputIsRefusedByName(string body, string field)
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");

        (await alice.Caller.SendAsync(HttpMethod.Post, "api/negotiate", new StringContent(body, System.Text.Encoding.UTF8, "application/json"))).MustRefuse(field);
    }

    private static string Said(JsonElement connection) =>
        $"{connection.GetProperty("device")} {connection.GetProperty("deviceId")} {connection.GetProperty("foreground")}";
}

using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Webhooks;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.Core.Webhooks;

/// <summary>Where a name leads is looked at when a connection is made, by the address that is then connected to.</summary>
public sealed class PublicConnectionsTests
{
    private readonly FakeTimeProvider _clock = Core.Some.Clock();
    private readonly List<string> _resolved = [];

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("127.0.0.1", "10.0.0.1", "fd00::1")]
    public async Task ANameThatLeadsToNoPublicAddressIsNotAsked(params string[] addresses)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var sender = Create(Array.ConvertAll(addresses, IPAddress.Parse));

        var attempt = await SendAsync(sender, new($"http://hooks.example.com:{receiver.Url.Port}/"));

        Assert.Equal((null, WebhookFailure.AddressNotAllowed), (attempt.Status, attempt.Failure));
        Assert.Equal(["hooks.example.com"], _resolved);
        Assert.Empty(receiver.Received);
    }

    [Fact]
    public async Task AnAddressInTheUrlGoesTheSameWay()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var sender = new WebhookSender(PublicConnections.OfSystem, TimeProvider.System);

        var attempt = await SendAsync(sender, receiver.Url);

        Assert.Equal(WebhookFailure.AddressNotAllowed, attempt.Failure);
        Assert.Empty(receiver.Received);
    }

    [Fact]
    public async Task ANameThatIsNoneIsToldApart()
    {
        using var sender = new WebhookSender(
            new PublicConnections((_, _) => throw new SocketException((int)SocketError.HostNotFound)), _clock);

        Assert.Equal(WebhookFailure.NameNotFound, (await SendAsync(sender, new("http://hooks.example.com/"))).Failure);
    }

    private WebhookSender Create(params IPAddress[] addresses) => new(
        new PublicConnections((name, _) =>
        {
            _resolved.Add(name);
            return Task.FromResult(addresses);
        }),
        _clock);

    private static Task<WebhookAttempt> SendAsync(WebhookSender sender, Uri url) =>
        sender.SendAsync(Hooks.Webhook(url), Hooks.Message(), TestContext.Current.CancellationToken);
}

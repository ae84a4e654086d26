using System.Text;
using Presence.Core.Domain;
using Presence.Core.Webhooks;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Webhooks;

public class WebhookSignatureTests
{
    /// <summary>The vector that the libraries of Standard Webhooks are tested by.</summary>
    [Fact]
    public void TheSignatureIsThatOfStandardWebhooks()
    {
        var secrets = new WebhookSecrets([.. Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]);

        var signature = WebhookSignature.Of(
            secrets, "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1_614_265_330), "{\"test\": 2432232314}"u8);

        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signature);
    }

    [Fact]
    public void ForADayAfterItWasExchangedTheSecretBeforeSignsAsWell()
    {
        var (first, second) = (WebhookSecrets.Make(), WebhookSecrets.Make());
        var exchanged = new WebhookSecrets(first).Exchanged(second, Start);

        Assert.Equal($"{By(second, Start)} {By(first, Start)}", Sign(exchanged, Start));
        Assert.Equal(By(second, Start + TimeSpan.FromHours(24)), Sign(exchanged, Start + TimeSpan.FromHours(24)));
    }

    /// <summary>Of the answer to an exchange that was lost nobody has the secret: the receiver goes by the one before it. Or by that one, where it was not lost.</summary>
    [Fact]
    public void ExchangedAgainWithinTheDayTheOldestAndTheOneRightBeforeSign()
    {
        var (first, second, third, fourth) = (WebhookSecrets.Make(), WebhookSecrets.Make(), WebhookSecrets.Make(), WebhookSecrets.Make());
        var (hour, day) = (Start + TimeSpan.FromHours(1), Start + TimeSpan.FromHours(24));
        var twice = new WebhookSecrets(first).Exchanged(second, Start).Exchanged(third, hour);
        var thrice = twice.Exchanged(fourth, hour);

        Assert.Equal($"{By(third, hour)} {By(second, hour)} {By(first, hour)}", Sign(twice, hour));
        Assert.Equal($"{By(fourth, hour)} {By(third, hour)} {By(first, hour)}", Sign(thrice, hour));

        // Each for a day since it was exchanged; and one whose day has ended makes room.
        Assert.Equal($"{By(third, day)} {By(second, day)}", Sign(twice, day));
        Assert.Equal($"{By(fourth, day)} {By(third, day)} {By(second, day)}", Sign(twice.Exchanged(fourth, day), day));
        Assert.Equal((hour + WebhookSecrets.Overlap, null), (thrice.PreviousUntil, new WebhookSecrets(first).PreviousUntil));
    }

    [Fact]
    public void ExchangingForTheSecretInUseChangesNothing()
    {
        var (first, second) = (WebhookSecrets.Make(), WebhookSecrets.Make());
        var exchanged = new WebhookSecrets(first).Exchanged(second, Start);

        Assert.Same(exchanged, exchanged.Exchanged([.. second], Start + Seconds(1)));
    }

    [Fact]
    public void ASecretIsWrittenAsReceiversTakeIt()
    {
        var text = WebhookSecrets.Write(WebhookSecrets.Make());

        Assert.StartsWith("whsec_", text, StringComparison.Ordinal);
        Assert.InRange(Convert.FromBase64String(text["whsec_".Length..]).Length, 24, 64);
        Assert.DoesNotContain(text["whsec_".Length..], new WebhookSecrets(WebhookSecrets.Make()).ToString(), StringComparison.Ordinal);
    }

    private static string By(System.Collections.Immutable.ImmutableArray<byte> secret, DateTimeOffset at) => Sign(new(secret), at);

    private static string Sign(WebhookSecrets secrets, DateTimeOffset at) => WebhookSignature.Of(secrets, "msg_1", at, Encoding.UTF8.GetBytes("[]"));
}

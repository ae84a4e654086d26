using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Presence.Core.Domain;
using Presence.Functions.Http;

namespace Presence.Tests.Functions.Http;

public class ActivityHeaderTests
{
    [Fact]
    public void ACallWithoutHeadersIsActiveNow()
    {
        var request = new DefaultHttpContext().Request;

        Assert.False(RequestValues.IsPassive(request));
        Assert.Null(RequestValues.ActiveAt(request));
        Assert.Null(RequestValues.ActiveAt(new NegotiateRequest(null)));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("TRUE", true)]
    [InlineData("false", false)]
    public void WhoHoldsAConnectionSaysSo(string value, bool isConnected)
    {
        Assert.Equal(isConnected, RequestValues.IsConnected(With("presence-connected", value)));
        Assert.False(RequestValues.IsConnected(new DefaultHttpContext().Request));
    }

    [Theory]
    [InlineData("")]
    [InlineData("yes")]
    [InlineData("1")]
    public void AnythingElseOfAConnectionIsRefusedByTheNameOfTheHeader(string value) =>
        Assert.Equal("Presence-Connected", Refusal(() => RequestValues.IsConnected(With("Presence-Connected", value))).Field);

    [Theory]
    [InlineData("passive", true)]
    [InlineData("PASSIVE", true)]
    [InlineData("Passive", true)]
    [InlineData("active", false)]
    [InlineData("Active", false)]
    public void TheActivityHeaderIsReadInAnyCase(string value, bool isPassive) =>
        Assert.Equal(isPassive, RequestValues.IsPassive(With("presence-activity", value)));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("no")]
    [InlineData("true")]
    [InlineData("1")]
    [InlineData("passive,passive")]
    [InlineData("passive;q=1")]
    [InlineData("\"passive\"")]
    [InlineData("paſsive")]
    [InlineData("passive\0")]
    public void AnyOtherActivityIsRefusedByTheNameOfTheHeader(string value) =>
        Assert.Equal("Presence-Activity", Refusal(() => RequestValues.IsPassive(With("Presence-Activity", value))).Field);

    [Theory]
    [InlineData("2026-11-23T10:49:35Z", "2026-11-23T10:49:35.0000000+00:00")]
    [InlineData("2026-11-23T10:49:35.573Z", "2026-11-23T10:49:35.5730000+00:00")]
    [InlineData("2026-11-23T10:49Z", "2026-11-23T10:49:00.0000000+00:00")]
    [InlineData("2026-11-23T10:49:35.5+01:00", "2026-11-23T10:49:35.5000000+01:00")]
    [InlineData("2026-11-23T10:49:35.123456789-05:30", "2026-11-23T10:49:35.1234567-05:30")]
    [InlineData("2026-11-23T10:49:35.999999999Z", "2026-11-23T10:49:35.9999999+00:00")]
    [InlineData("2024-02-29T00:00:00-00:00", "2024-02-29T00:00:00.0000000+00:00")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000+00:00")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999+00:00")]
    public void AMomentWithZOrAnOffsetIsRead(string value, string moment)
    {
        Assert.Equal(moment, RequestValues.ActiveAt(With("presence-active-at", value))!.Value.ToString("O"));
        Assert.Equal(moment, RequestValues.ActiveAt(new NegotiateRequest(null, value))!.Value.ToString("O"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("now")]
    [InlineData("null")]
    [InlineData("1764151775")]
    [InlineData("1764151775573")]
    [InlineData("-1")]
    [InlineData("1e12")]
    [InlineData("2026-11-23")]
    [InlineData("10:49:35Z")]
    [InlineData("2026-11-23T10:49:35")]
    [InlineData("2026-11-23T10:49:35.573")]
    [InlineData("2026-11-23 10:49:35Z")]
    [InlineData("2026-11-23t10:49:35z")]
    [InlineData("2026-11-23T10:49:35 Z")]
    [InlineData(" 2026-11-23T10:49:35Z")]
    [InlineData("2026-11-23T10:49:35Z ")]
    [InlineData("2026-11-23T10:49:35Z\n")]
    [InlineData("2026-11-23T10:49:35Z\0")]
    [InlineData("2026-11-23T10:49:35ZZ")]
    [InlineData("2026-11-23T10:49:35+01")]
    [InlineData("2026-11-23T10:49:35+0100")]
    [InlineData("2026-11-23T10:49:35+1:00")]
    [InlineData("2026-11-23T10:49:35 01:00")]
    [InlineData("2026-11-23T10:49:35+15:00")]
    [InlineData("2026-11-23T10:49:35+01:60")]
    [InlineData("2026-11-23T10:49:35−01:00")]
    [InlineData("2026-11-23T10:49:35[Europe/Berlin]")]
    [InlineData("2026-11-23T10:49:35+01:00[Europe/Berlin]")]
    [InlineData("2026-11-23T10:49:35.Z")]
    [InlineData("2026-11-23T10:49:35,573Z")]
    [InlineData("2026-11-23T10:49:35.1234567890Z")]
    [InlineData("2026-11-23T10:49:35.-5Z")]
    [InlineData("2026-11-23T10Z")]
    [InlineData("2026-11-23T24:00:00Z")]
    [InlineData("2026-11-23T10:60:00Z")]
    [InlineData("2026-11-23T10:49:60Z")]
    [InlineData("2026-11-23T10:49:61Z")]
    [InlineData("2026-13-01T00:00:00Z")]
    [InlineData("2026-00-01T00:00:00Z")]
    [InlineData("2026-02-29T00:00:00Z")]
    [InlineData("2026-11-00T00:00:00Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("10000-01-01T00:00:00Z")]
    [InlineData("+2026-11-23T10:49:35Z")]
    [InlineData("26-11-23T10:49:35Z")]
    [InlineData("2026-1-2T3:4:5Z")]
    [InlineData("20261123T104935Z")]
    [InlineData("2026-W48-1T10:49:35Z")]
    [InlineData("2026-327T10:49:35Z")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("9999-12-31T23:59:59-14:00")]
    [InlineData("Mon, 23 Nov 2026 10:49:35 GMT")]
    [InlineData("11/23/2026 10:49:35 AM +00:00")]
    [InlineData("/Date(1764151775573)/")]
    [InlineData("2026-11-23T10:49:35Z, 2026-11-23T10:49:35Z")]
    [InlineData("\"2026-11-23T10:49:35Z\"")]
    [InlineData("２０２６-11-23T10:49:35Z")]
    [InlineData("٢٠٢٦-11-23T10:49:35Z")]
    public void AnythingElseIsRefusedByTheNameOfHeaderOrField(string value)
    {
        Assert.Equal("Presence-Active-At", Refusal(() => RequestValues.ActiveAt(With("Presence-Active-At", value))).Field);
        Assert.Equal("activeAt", Refusal(() => RequestValues.ActiveAt(new NegotiateRequest(null, value))).Field);
    }

    [Fact]
    public void ATextWithoutEndIsRefused() =>
        Refusal(() => RequestValues.ActiveAt(With("Presence-Active-At", new string('2', 100_000))));

    [Fact]
    public void ARepeatedHeaderIsRefused()
    {
        Assert.Equal("Presence-Activity", Refusal(() => RequestValues.IsPassive(With("Presence-Activity", "passive", "passive"))).Field);
        Assert.Equal(
            "Presence-Active-At",
            Refusal(() => RequestValues.ActiveAt(With("Presence-Active-At", "2026-11-23T10:49:35Z", "2026-11-23T10:49:35Z"))).Field);
    }

    private static HttpRequest With(string header, params string[] values)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers[header] = new StringValues(values);
        return request;
    }

    private static InvalidInputException Refusal(Func<object?> read) => Assert.Throws<InvalidInputException>(() => { read(); });
}

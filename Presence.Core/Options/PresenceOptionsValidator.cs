using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using NCrontab;
using Presence.Core.Domain;

namespace Presence.Core.Options;

/// <summary>Refuses settings out of range, naming the setting and the limit, before anything runs.</summary>
internal sealed partial class PresenceOptionsValidator : IValidateOptions<PresenceOptions>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public ValidateOptionsResult Validate(string? name, PresenceOptions options)
    {
        var problems = Problems(options).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(PresenceOptions o) =>
    [
        .. Range(nameof(o.ThrottleWindow), o.ThrottleWindow, Second, TimeSpan.FromHours(1)),
        .. Range(nameof(o.OfflineAfter), o.OfflineAfter, Second, TimeSpan.FromDays(7)),
        .. Range(nameof(o.AwayAfter), o.AwayAfter, Second, TimeSpan.FromDays(7)),
        .. Check(
            o.ConnectedPace is not { } pace || (pace >= o.RecordWindow && pace <= o.AwayAfter * 0.9),
            $"{nameof(o.ConnectedPace)} must be from the window, {o.RecordWindow}, to nine tenths of {nameof(o.AwayAfter)}, {o.AwayAfter * 0.9}; it is {o.ConnectedPace}"),
        .. Range(nameof(o.DisconnectGrace), o.DisconnectGrace, TimeSpan.Zero, TimeSpan.FromMinutes(10)),
        .. Range(nameof(o.ConnectionCheckAfter), o.ConnectionCheckAfter, Second, TimeSpan.FromDays(1)),
        .. Range(nameof(o.SessionLifetime), o.SessionLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(365)),
        .. Range(nameof(o.SessionCacheFor), o.SessionCacheFor, TimeSpan.Zero, TimeSpan.FromMinutes(10)),
        .. Range(nameof(o.RosterCacheFor), o.RosterCacheFor, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
        .. Range(nameof(o.LargeConversation), o.LargeConversation, 2, 100_000),
        .. Range(nameof(o.AnonymousRetention), o.AnonymousRetention, TimeSpan.FromHours(1), TimeSpan.FromDays(3650)),
        .. Range(nameof(o.CredentialLifetime), o.CredentialLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(365)),
        .. Check(
            o.EventRetention == TimeSpan.Zero || (o.EventRetention >= TimeSpan.FromHours(1) && o.EventRetention <= TimeSpan.FromDays(90)),
            $"{nameof(o.EventRetention)} must be 0, or from {TimeSpan.FromHours(1)} to {TimeSpan.FromDays(90)}; it is {o.EventRetention}"),
        .. Check(
            o.HistoryRetention == TimeSpan.Zero || (o.HistoryRetention >= TimeSpan.FromDays(15) && o.HistoryRetention <= PresenceOptions.LongestHistory),
            $"{nameof(o.HistoryRetention)} must be 00:00:00, or from 15.00:00:00 to 400.00:00:00; it is {o.HistoryRetention}"),
        .. Check(Enum.IsDefined(o.Delivery), $"{nameof(o.Delivery)} must be {string.Join(" or ", Enum.GetNames<DeliveryMode>())}; it is {o.Delivery}"),
        .. Check(Enum.IsDefined(o.Visibility), $"{nameof(o.Visibility)} must be {string.Join(" or ", Enum.GetNames<Visibility>())}; it is {o.Visibility}"),
        .. Range(nameof(o.ShardCount), o.ShardCount, 1, 256),
        .. Range(nameof(o.MaxThrottleEntries), o.MaxThrottleEntries, 1, 10_000_000),
        .. Schedule(ScheduleSettings.Sweep, o.SweepSchedule),
        .. Schedule(ScheduleSettings.Cleanup, o.CleanupSchedule),
        .. Schedule(ScheduleSettings.Census, o.CensusSchedule),
        .. Schedule(ScheduleSettings.Webhook, o.WebhookSchedule),
        .. Schedule(ScheduleSettings.Truth, o.TruthSchedule),
        .. Range(nameof(o.TruthSample), o.TruthSample, 0, 1000),
        .. Range(nameof(o.MonthlyBudget), o.MonthlyBudget, 0, 10_000_000),
        .. Prices(o.Prices),
        .. Check(
            string.IsNullOrEmpty(o.DefaultConversation) || ConversationId.IsValid(o.DefaultConversation),
            $"{nameof(o.DefaultConversation)} must be empty or a conversation id: 1 to {ConversationId.MaxLength} letters, digits and - . _ ~ @ :"),
        .. Check(
            o.TableName is not null && TableNamePattern().IsMatch(o.TableName),
            $"{nameof(o.TableName)} must be 3 to 63 letters and digits, a letter first"),
        .. Accounts(FurtherAccounts.Split(o.StorageAccounts)),
        .. EventGrid(o),
        .. Authentication(o.Authentication),
    ];

    /// <summary>Without saying what was given, for that may hold a key.</summary>
    private static IEnumerable<string> Accounts(string[] further) =>
        Check(
            further.Length < FurtherAccounts.Most && Array.TrueForAll(further, FurtherAccounts.IsValid),
            $"{nameof(PresenceOptions.StorageAccounts)} must be at most {FurtherAccounts.Most - 1} names of storage accounts, https addresses of table "
            + "services, or connection strings, divided by commas");

    private static IEnumerable<string> EventGrid(PresenceOptions o)
    {
        if (string.IsNullOrEmpty(o.EventGridTopic))
        {
            return Check(string.IsNullOrEmpty(o.EventGridKey), $"{nameof(o.EventGridKey)} must be empty where {nameof(o.EventGridTopic)} is");
        }

        var isUrl = Uri.TryCreate(o.EventGridTopic, UriKind.Absolute, out var topic);
        return
        [
            .. Check(
                isUrl && (topic!.Scheme == Uri.UriSchemeHttps || (topic.Scheme == Uri.UriSchemeHttp && topic.IsLoopback && !string.IsNullOrEmpty(o.EventGridKey))),
                $"{nameof(o.EventGridTopic)} must be an https URL (http only on this machine, and with {nameof(o.EventGridKey)})"),
            .. Check(o.EventRetention > TimeSpan.Zero, $"{nameof(o.EventGridTopic)} must be empty where {nameof(o.EventRetention)} is 0: no events are kept"),
        ];
    }

    private static IEnumerable<string> Authentication(AuthenticationOptions o)
    {
        const string At = nameof(PresenceOptions.Authentication) + ":";
        var hasAuthority = !string.IsNullOrEmpty(o.Authority);
        var hasKey = !string.IsNullOrEmpty(o.SigningKey);
        return
        [
            .. Check(hasAuthority != hasKey, $"{At}{nameof(o.Authority)} or {At}{nameof(o.SigningKey)} must be set, and only one of them"),
            .. Check(
                !hasAuthority || (Uri.TryCreate(o.Authority, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.IsLoopback)),
                $"{At}{nameof(o.Authority)} must be an https URL (http only on this machine)"),
            .. Check(
                !hasKey || Encoding.UTF8.GetByteCount(o.SigningKey!) >= 32,
                $"{At}{nameof(o.SigningKey)} must have at least 32 bytes"),
            .. Check(!string.IsNullOrEmpty(o.Audience), $"{At}{nameof(o.Audience)} must be set"),
            .. Check(!string.IsNullOrEmpty(o.UserIdClaim), $"{At}{nameof(o.UserIdClaim)} must be set"),
            .. Range($"{At}{nameof(o.ClockSkew)}", o.ClockSkew, TimeSpan.Zero, TimeSpan.FromMinutes(10)),
        ];
    }

    private static IEnumerable<string> Prices(PricesOptions o)
    {
        const string At = nameof(PresenceOptions.Prices) + ":";
        const double Most = 1_000_000_000;
        const double Least = 0.000_001;
        return
        [
            .. Range(At + nameof(o.Executions), o.Executions, 0, Most),
            .. Range(At + nameof(o.FreeExecutions), o.FreeExecutions, 0, Most),
            .. Range(At + nameof(o.ComputeTime), o.ComputeTime, 0, Most),
            .. Range(At + nameof(o.FreeComputeTime), o.FreeComputeTime, 0, Most),
            .. Range(At + nameof(o.TableRequests), o.TableRequests, 0, Most),
            .. Range(At + nameof(o.Unit), o.Unit, 0, Most),
            .. Range(At + nameof(o.Units), o.Units, 0, Most),
            .. Range(At + nameof(o.UnitConnections), o.UnitConnections, Least, Most),
            .. Range(At + nameof(o.IncludedMessages), o.IncludedMessages, 0, Most),
            .. Range(At + nameof(o.Messages), o.Messages, 0, Most),
            .. Range(At + nameof(o.Logs), o.Logs, 0, Most),
            .. Range(At + nameof(o.FreeLogs), o.FreeLogs, 0, Most),
            .. Range(At + nameof(o.Fixed), o.Fixed, 0, Most),
            .. Range(At + nameof(o.InstanceMemory), o.InstanceMemory, 0, Most),
            .. Range(At + nameof(o.InstanceThroughput), o.InstanceThroughput, Least, Most),
            .. Range(At + nameof(o.Listeners), o.Listeners, 0, Most),
            .. Range(At + nameof(o.Traces), o.Traces, 0, Most),
        ];
    }

    private static IEnumerable<string> Range<T>(string setting, T value, T least, T most)
        where T : IComparable<T> =>
        Check(value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0, $"{setting} must be from {least} to {most}; it is {value}");

    private static IEnumerable<string> Schedule(string setting, string? expression) =>
        expression is not null && CrontabSchedule.TryParse(expression, new() { IncludingSeconds = true }) is not null
            ? []
            : [$"{setting} must be an NCrontab expression of six fields, such as '*/15 * * * * *'; it is '{expression}'."];

    private static IEnumerable<string> Check(bool holds, string problem) =>
        holds ? [] : [$"{PresenceOptions.Section}:{problem}."];

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]{2,62}$")]
    private static partial Regex TableNamePattern();
}

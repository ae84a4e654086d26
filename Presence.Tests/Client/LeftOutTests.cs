using System.Text.Json;
using System.Text.Json.Nodes;
using Presence.Client.Following;
using Presence.Client.Http;
using Presence.Client.Model;

namespace Presence.Tests.Client;

/// <summary>An older server does not say all; what it leaves out is as in a record that nobody has filled, and nowhere null where none is promised.</summary>
public class LeftOutTests
{
    public static TheoryData<Type> Read =>
    [
        .. typeof(PresenceView).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(PresenceView).Namespace || type == typeof(SnapshotMessage) || type == typeof(SnapshotConversation)
                || type == typeof(CountsMessage) || type == typeof(ModeMessage) || type == typeof(LeftMessage))
            .Where(type => type.GetConstructor(Type.EmptyTypes) is not null && ClientJson.Default.GetTypeInfo(type) is not null),
    ];

    [Theory, MemberData(nameof(Read))]
    public void AFieldThatIsLeftOutIsAsInANewRecord(Type type) => MustBeAsNew(type, new());

    [Theory, MemberData(nameof(Read))]
    public void AndSoIsOneThatIsNull(Type type) => MustBeAsNew(type, new(ClientJson.Default.GetTypeInfo(type)!.Properties
        .Where(property => !property.PropertyType.IsValueType)
        .Select(property => KeyValuePair.Create(property.Name, (JsonNode?)null))));

    [Fact]
    public void AllOfThemAreHere()
    {
        Type[] some = [typeof(PresenceView), typeof(ActivityBatchResult), typeof(RosterPage), typeof(SnapshotMessage), typeof(Health), typeof(Explanation)];

        Assert.Empty(some.Except(Read.Select(row => row.Data)));
    }

    private static void MustBeAsNew(Type type, JsonObject json) => Assert.Equivalent(
        Activator.CreateInstance(type), json.Deserialize(ClientJson.Default.GetTypeInfo(type)!), strict: true);
}

using Presence.Core.Domain;
using Presence.Core.Truth;

namespace Presence.Tests.Core.Truth;

public class TruthSamplerTests
{
    private const int Users = 20_000;
    private const int Shards = 4;
    private const int Most = 10;

    /// <summary>Perfect sampling looks at so many users until each has had a turn: the coupon collector's problem.</summary>
    private static readonly double Perfect = Users * (Math.Log(Users) + 0.577);

    /// <summary>An instance ends after so many checks: it has seen a tenth of the users.</summary>
    private const int ChecksOfALife = 200;

    public static TheoryData<string> Shapes => ["numbers", "padded", "hex", "ulids", "uuids", "names", "mixed", "foreign"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task EverybodyHasATurnHoweverIdsBeginAndHoweverOftenInstancesEnd(string shape)
    {
        var random = new Random(1);
        var ids = Ids(shape, random);
        var store = new ShardsInMemory(Shards, ids);
        var turns = new HashSet<PresenceKey>();
        var (looked, checks) = (0, 0);
        while (turns.Count < Users && looked < 4 * Perfect)
        {
            var sampler = new TruthSampler(store, random.NextDouble);
            for (var check = 0; check < ChecksOfALife; check++, checks++)
            {
                var taken = await sampler.TakeAsync(isHere: true, Most, TestContext.Current.CancellationToken);
                looked += taken.Count;
                turns.UnionWith(taken.Select(user => user.User));
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{looked / Perfect:F2} times as many as by perfect sampling; {(double)store.Requests / checks:F2} requests a check");
        Assert.Equal(Users, turns.Count);
        Assert.InRange((double)store.Requests / checks, 1, 1.25);
    }

    [Fact]
    public async Task WhereThereAreFewAllAreTakenAtOnce()
    {
        var store = new ShardsInMemory(1, Enumerable.Range(1, 9).Select(i => $"user-{i}"));
        var sampler = new TruthSampler(store, new Random(1).NextDouble);

        Assert.Equal(9, (await sampler.TakeAsync(isHere: true, Most, TestContext.Current.CancellationToken)).Count);
        Assert.Equal(9, (await sampler.TakeAsync(isHere: true, Most, TestContext.Current.CancellationToken)).Count);
    }

    private static List<string> Ids(string shape, Random random)
    {
        var ids = new HashSet<string>();
        for (var i = 0; ids.Count < Users; i++)
        {
            ids.Add(shape switch
            {
                "numbers" => $"user-{i + 1}",
                "padded" => $"customer:{i * 7:D9}",
                "hex" => $"auth0|{Hex(8)}{Hex(16)}",
                "ulids" => "01J" + Text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 7, Math.Min(i / 200, 99)) + Random("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 16),
                "uuids" => $"{Hex(8)}-{Hex(4)}-4{Hex(3)}-a{Hex(3)}-{Hex(12)}",
                "names" => $"{Name()}.{Name()}{random.Next(10)}@example.com",
                "foreign" => Random("абвгдежзиклмнопрст", 4) + Random("一丁七万三上下不与且世丘丙业东", 3),
                _ => (i % 4) switch
                {
                    0 => $"anon:{Hex(12)}",
                    1 => $"google-oauth2|{random.NextInt64(100_000_000_000, 120_000_000_000)}",
                    2 => $"auth0|{Hex(24)}",
                    _ => $"{1000 + i}",
                },
            });
        }

        return [.. ids];

        string Random(string letters, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => letters[random.Next(letters.Length)]));

        string Hex(int length) => Random("0123456789abcdef", length);

        // As many begin with the first letters as with all others: names are not spread evenly.
        string Name() => Random("aaaaaaabbbcccddeeejjjjkkllmmmmmmnoprrsssstvwxyz", 1) + Random("aeioulnr", 1) + Random("abcdefghijklmnopqrstuvwxyz", 3);

        // The time, of which the first digits are those of all; two hundred to a moment.
        string Text(string digits, int length, int number) =>
            string.Concat(Enumerable.Range(0, length).Reverse().Select(place => digits[number / (int)Math.Pow(32, Math.Min(place, 5)) % 32]));
    }
}

using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.Truth;

/// <summary>
/// Takes users to be checked: of shards chosen by chance those who come next, so that within a while everybody has been. Where it is in each
/// shard only this instance knows, for it is the id of a user. Each instance finds itself a place to begin at, as likely among any users as among
/// others: it goes from a beginning of ids to a longer one until few users have it. Those whom it meets on the way are taken as well, so that this costs
/// no request.
/// </summary>
internal sealed class TruthSampler(ITruthStore store, Func<double> chance)
{
    /// <summary>So many shards are asked at most, where each has few.</summary>
    private const int MostQueries = 4;

    /// <summary>So many users of the same beginning are few: among them any place is as good as another.</summary>
    private const int Few = 20;

    private readonly IdBeginnings _ids = new(chance);
    private readonly Dictionary<Part, string> _sought = [];
    private readonly Dictionary<Part, string?> _last = [];

    /// <summary>Users who are here, or are not: one request for each shard that is asked.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<IReadOnlyCollection<StoredUser>> TakeAsync(bool isHere, int most, CancellationToken cancellationToken)
    {
        var taken = new Dictionary<PresenceKey, StoredUser>();
        for (var asked = 0; asked < MostQueries && taken.Count < most; asked++)
        {
            foreach (var user in await NextAsync(new((int)(chance() * store.ShardCount), isHere), most - taken.Count, cancellationToken))
            {
                taken[user.User] = user;
            }
        }

        return taken.Values;
    }

    private async Task<IReadOnlyList<StoredUser>> NextAsync(Part part, int most, CancellationToken cancellationToken)
    {
        if (!_last.TryGetValue(part, out var last))
        {
            return await SeekAsync(part, most, cancellationToken);
        }

        var sample = await SampleAsync(part, last is null ? null : new(last, IsIncluded: false), most, cancellationToken);
        return sample is { Users: [], IsLast: false } ? SeekAnew(part) : GoOn(part, sample, most);
    }

    /// <summary>One step towards a place to begin at. The first is to see how many there are, and what their ids are made of.</summary>
    private async Task<IReadOnlyList<StoredUser>> SeekAsync(Part part, int most, CancellationToken cancellationToken)
    {
        if (!_sought.TryGetValue(part, out var beginning))
        {
            var first = await SampleAsync(part, null, Math.Max(most, Few), cancellationToken);
            _sought[part] = "";
            return first.IsLast ? GoOn(part, first, most) : [.. first.Users.Take(most)];
        }

        if (_ids.Draw(beginning) is not var (begins, next))
        {
            return GoOn(part, await SampleAsync(part, new(beginning, IsIncluded: true), most, cancellationToken), most);
        }

        var wanted = new SamplePlace(next == IdBeginnings.End ? begins : begins + next, IsIncluded: true);
        var sample = await SampleAsync(part, wanted, Math.Max(most, Few), cancellationToken);
        var found = Following(begins, sample.Users);
        _ids.Learn(begins, next, found);
        if (found is not { } follows)
        {
            return [.. sample.Users.Take(most)];
        }

        var longer = follows == IdBeginnings.End ? begins : begins + follows;
        _sought[part] = longer;
        return follows == IdBeginnings.End || char.IsSurrogate(follows) || sample.IsLast || !Begins(sample.Users[^1], longer)
            ? GoOn(part, sample, most)
            : [.. sample.Users.Take(most)];
    }

    private async Task<UserSample> SampleAsync(Part part, SamplePlace? from, int most, CancellationToken cancellationToken)
    {
        var sample = await store.SampleAsync(part.Shard, part.IsHere, from, most, cancellationToken);
        foreach (var user in sample.Users)
        {
            _ids.Saw(user.User.ToString());
        }

        return sample;
    }

    /// <summary>From here on whoever comes next is taken; behind the last of a shard comes the first.</summary>
    private StoredUser[] GoOn(Part part, UserSample sample, int most)
    {
        StoredUser[] taken = [.. sample.Users.Take(most)];
        _last[part] = (sample.IsLast && taken.Length == sample.Users.Count) || taken is [] ? null : taken[^1].User.ToString();
        return taken;
    }

    /// <summary>A page of nobody, with more to come: who comes then can be begun with as well as with anybody.</summary>
    private StoredUser[] SeekAnew(Part part)
    {
        _last.Remove(part);
        _sought[part] = "";
        return [];
    }

    /// <summary>By what the first of the users goes on after a beginning; null where there is none, or it begins in another way.</summary>
    private static char? Following(string beginning, IReadOnlyList<StoredUser> users) =>
        users is not [var first, ..] || !Begins(first, beginning) ? null
        : first.User.ToString() is var id && id.Length == beginning.Length ? IdBeginnings.End
        : id[beginning.Length];

    private static bool Begins(StoredUser user, string beginning) => user.User.ToString().StartsWith(beginning, StringComparison.Ordinal);

    private readonly record struct Part(int Shard, bool IsHere);
}

using Npgsql;
using StackExchange.Redis;

namespace Presence.Benchmarks.Http;

/// <summary>Does nothing: what is left is the server and the check of the caller.</summary>
internal sealed class NoThrottle : IPeerThrottle
{
    public ValueTask<bool> IsThrottledAsync(string user) => new(true);
}

/// <summary><c>SET NX EX 60</c>.</summary>
internal sealed class RedisThrottle(IDatabase database) : IPeerThrottle
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    public async ValueTask<bool> IsThrottledAsync(string user) => !await database.StringSetAsync(user, 1, Window, When.NotExists);
}

/// <summary>One row for each user, written when the last time is a minute ago.</summary>
internal sealed class PostgresThrottle(NpgsqlDataSource source) : IPeerThrottle
{
    private const string Record = """
        insert into activity (user_id, at) values ($1, now())
        on conflict (user_id) do update set at = excluded.at where activity.at < now() - interval '60 seconds'
        """;

    public static async Task<PostgresThrottle> CreateAsync(string connectionString)
    {
        // Prepared on each connection, as whoever cares for time would have it.
        var source = NpgsqlDataSource.Create($"{connectionString};Max Auto Prepare=4;Auto Prepare Min Usages=1");
        await using var create = source.CreateCommand("create table if not exists activity (user_id text primary key, at timestamptz not null)");
        await create.ExecuteNonQueryAsync();
        return new(source);
    }

    public async ValueTask<bool> IsThrottledAsync(string user)
    {
        await using var record = source.CreateCommand(Record);
        record.Parameters.Add(new NpgsqlParameter<string> { TypedValue = user });
        return await record.ExecuteNonQueryAsync() == 0;
    }
}

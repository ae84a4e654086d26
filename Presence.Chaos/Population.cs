namespace Presence.Chaos;

/// <summary>Who takes part, and where each belongs. The name of a user tells both.</summary>
internal static class Population
{
    /// <summary>Where those are who were put into no conversation: guests and passers-by.</summary>
    public const string Lobby = "lobby";

    public const string GuestPrefix = "anon:guest-";

    public const string PasserPrefix = "passer-";

    public const string MoverPrefix = "mover-";

    public const int Rooms = 3;

    public const int WatchersPerRoom = 2;

    public static IEnumerable<string> AllRooms => Enumerable.Range(0, Rooms).Select(Room);

    public static string Room(int number) => $"room-{number % Rooms}";

    public static string User(string kind, int number) => $"{kind}-{number}@{Room(number)}";

    /// <summary>Whom a room is told of when it comes in, however old its state is.</summary>
    public static bool Moves(string user) => user.StartsWith(MoverPrefix, StringComparison.Ordinal);

    /// <summary>The conversation that a user is in all the time; null when that is nobody's business.</summary>
    public static string? HomeOf(string user) =>
        user.StartsWith(GuestPrefix, StringComparison.Ordinal) || user.StartsWith(PasserPrefix, StringComparison.Ordinal) ? Lobby
        : user.Split('@') is [_, var home] ? home
        : null;
}

using Presence.Core.Rules;

namespace Presence.Tests.Core.Rules;

/// <summary>What tests ask of decisions.</summary>
internal static class Decisions
{
    extension(Decision decision)
    {
        /// <summary>Whether others are told.</summary>
        public bool IsNews => decision.Owes?.News is not null;

        /// <summary>The connections to be closed.</summary>
        public IEnumerable<string> Closes => decision.Owes is { Closes: true } owed ? owed.Connections : [];
    }
}

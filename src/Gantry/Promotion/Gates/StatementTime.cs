using System.Text.Json;
using Gantry.Attestations;

namespace Gantry.Promotion.Gates;

/// <summary>Finds the time that a statement names: inside of what is signed, where no one else can write another one.</summary>
internal static class StatementTime
{
    private static readonly string[][] s_paths =
    [
        ["runDetails", "metadata", "finishedOn"],
        ["runDetails", "metadata", "startedOn"],
        ["timeVerified"],
        ["metadata", "scanFinishedOn"],
        ["metadata", "buildFinishedOn"],
        ["metadata", "timestamp"],
        ["creationInfo", "created"],
        ["approved"],
        ["rebuilt"],
        ["timestamp"],
        ["Timestamp"],
    ];

    /// <summary>Returns the time of a predicate of a known type; null when it names none.</summary>
    public static DateTimeOffset? Find(Statement statement) => s_paths
        .Select(path => path[..^1]
            .Aggregate((JsonElement?)statement.Predicate, (element, name) => element?.Child(name))
            ?.Time(path[^1]))
        .FirstOrDefault(time => time is not null);
}

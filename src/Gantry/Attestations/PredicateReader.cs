using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Gantry.Attestations;

/// <summary>Parses the predicates of statements.</summary>
internal static class PredicateReader
{
    /// <summary>Parses a predicate as strictly as its type says.</summary>
    /// <param name="predicate">The predicate.</param>
    /// <param name="type">The type.</param>
    /// <param name="malformed">Creates the error for a predicate that is not of the type, from the reason.</param>
    public static T Read<T>(JsonElement predicate, JsonTypeInfo<T> type, Func<string, JsonException, GantryException> malformed)
        where T : class
    {
        try
        {
            return predicate.Deserialize(type) ?? throw new JsonException("it is null");
        }
        catch (JsonException exception)
        {
            throw malformed(exception.Message.TrimEnd('.'), exception);
        }
    }
}

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

    /// <summary>Parses a predicate that is a document of its own, where nothing is signed.</summary>
    /// <param name="json">The document.</param>
    /// <param name="read">Reads the predicate.</param>
    /// <param name="malformed">Creates the error for a document that is no JSON, or has a property twice.</param>
    public static T ReadDocument<T>(byte[] json, Func<JsonElement, T> read, Func<string, JsonException, GantryException> malformed)
    {
        try
        {
            using var document = JsonDocument.Parse(
                json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = Limits.JsonDepth });
            return read(document.RootElement);
        }
        catch (InvalidOperationException exception)
        {
            throw malformed("a text in it is not one", new JsonException("half of a character", exception));
        }
        catch (JsonException exception)
        {
            throw malformed(exception.Message.TrimEnd('.'), exception);
        }
    }
}

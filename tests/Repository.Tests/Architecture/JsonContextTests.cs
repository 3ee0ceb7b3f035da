using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Gantry.Testing;

namespace Repository.Tests.Architecture;

/// <summary>What is read as JSON is as the types say, also where a server writes null.</summary>
public sealed class JsonContextTests
{
    /// <summary>Contexts of documents that are only written.</summary>
    private static readonly string[] s_written =
        [
            "AcrImportJson", "ConditionJson", "DesiredEnvironmentsJson", "EditorJson", "HeadersJson",
            "ProvisioningJson", "PruningDocumentJson", "TrustPolicyJson", "WebhookJson",
        ];

    /// <summary>Documents that are only written, in contexts that also read.</summary>
    private static readonly string[] s_writtenTypes = ["PreviewResources"];

    private static readonly IReadOnlyList<JsonSerializerContext> s_contexts =
    [
        .. Directory.GetFiles(AppContext.BaseDirectory, "Gantry*.dll")
            .Where(file => Path.GetFileName(file) != "Gantry.Testing.dll")
            .SelectMany(file => Assembly.LoadFrom(file).GetTypes())
            .Where(type => type.IsSubclassOf(typeof(JsonSerializerContext)))
            .Select(type => (JsonSerializerContext)type.GetProperty("Default")!.GetValue(null)!),
    ];

    [Fact]
    public void Every_context_respects_what_its_types_say()
    {
        Assert.True(s_contexts.Count > 15, $"only {s_contexts.Count} contexts were found");
        Expect.Nothing(
            from context in s_contexts
            where context.Options is not { RespectNullableAnnotations: true, RespectRequiredConstructorParameters: true }
            select context.GetType().FullName);
    }

    [Fact]
    public void Every_context_has_its_settings_in_an_attribute() => Expect.Nothing(
        from file in RepositoryFiles.All()
        where file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal)
        let text = File.ReadAllText(Path.Combine(RepositoryFiles.Root, file))
        where text.Contains(": JsonSerializerContext", StringComparison.Ordinal)
            && !(text.Contains("RespectNullableAnnotations = true", StringComparison.Ordinal)
                && text.Contains("RespectRequiredConstructorParameters = true", StringComparison.Ordinal))
        select file);

    // The serializer respects the nullability of properties, not that of elements.
    [Fact]
    public void Elements_of_lists_may_be_null_or_are_refused() => Expect.Nothing(
        from context in s_contexts
        where !s_written.Contains(context.GetType().Name)
        from property in PropertiesOf(context)
        where AcceptsNullElements(property)
            && !s_writtenTypes.Contains(property.DeclaringType.Name)
            && property.Options.GetTypeInfo(property.PropertyType).Kind != JsonTypeInfoKind.None
        select $"{context.GetType().Name}: {property.DeclaringType.Name}.{property.Name} says that no element is null, and accepts one");

    [Fact]
    public void Every_listed_context_is_there() =>
        Assert.Empty(s_written.Except(s_contexts.Select(context => context.GetType().Name)));

    private static IEnumerable<JsonPropertyInfo> PropertiesOf(JsonSerializerContext context)
    {
        var types = new Queue<Type>(context.GetType().GetCustomAttributesData()
            .Where(attribute => attribute.AttributeType == typeof(JsonSerializableAttribute))
            .Select(attribute => (Type)attribute.ConstructorArguments[0].Value!));
        var seen = new HashSet<Type>();
        while (types.TryDequeue(out var type))
        {
            if (!seen.Add(type) || context.GetTypeInfo(type) is not { } known)
                continue;
            foreach (var part in type.IsGenericType ? type.GetGenericArguments() : [])
                types.Enqueue(part);
            foreach (var property in known.Kind == JsonTypeInfoKind.Object ? known.Properties : [])
            {
                types.Enqueue(property.PropertyType);
                yield return property;
            }
        }
    }

    private static bool AcceptsNullElements(JsonPropertyInfo property)
    {
        if (property is { Set: null, AssociatedParameter: null }
            || property.AttributeProvider is not PropertyInfo declared
            || !declared.PropertyType.IsGenericType
            || !declared.PropertyType.IsAssignableTo(typeof(IEnumerable)))
            return false;
        var element = new NullabilityInfoContext().Create(declared).GenericTypeArguments[^1];
        return !element.Type.IsValueType
            && element.ReadState == NullabilityState.NotNull
            && !property.Options.Converters.Any(converter => converter.Type == element.Type && ReadsNull(converter));
    }

    private static bool ReadsNull(JsonConverter converter) => converter.GetType().GetProperty("HandleNull")!.GetValue(converter) is true;
}

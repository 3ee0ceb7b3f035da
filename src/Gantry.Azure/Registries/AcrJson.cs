using System.Text.Json.Serialization;
using Gantry.Oci;

namespace Gantry.Azure.Registries;

/// <summary>Reads the responses of registries, without reflection.</summary>
[JsonSourceGenerationOptions(
    MaxDepth = 16,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(NonNullListJsonConverter<ListedManifest>), typeof(NonNullListJsonConverter<ListedTag>)])]
[JsonSerializable(typeof(ExchangeAnswer))]
[JsonSerializable(typeof(RegistryErrors))]
[JsonSerializable(typeof(AttributesAnswer))]
[JsonSerializable(typeof(ManifestListAnswer))]
[JsonSerializable(typeof(ListedManifest))]
[JsonSerializable(typeof(ListedTag))]
[JsonSerializable(typeof(TagListAnswer))]
internal sealed partial class AzureJson : JsonSerializerContext;

/// <summary>The response to a token exchange.</summary>
internal sealed record ExchangeAnswer
{
    [JsonPropertyName("refresh_token")]
    public string? RefreshToken { get; init; }

    public override string ToString() => nameof(ExchangeAnswer);
}

/// <summary>Errors in the format of registries.</summary>
internal sealed record RegistryErrors
{
    [JsonPropertyName("errors")]
    public IReadOnlyList<RegistryError?>? Errors { get; init; }
}

/// <summary>One error.</summary>
internal sealed record RegistryError
{
    [JsonPropertyName("message")]
    public string? Message { get; init; }
}

/// <summary>The attributes of a tag or a manifest.</summary>
internal sealed record AttributesAnswer
{
    [JsonPropertyName("tag")]
    public AttributesHolder? Tag { get; init; }

    [JsonPropertyName("manifest")]
    public AttributesHolder? Manifest { get; init; }
}

/// <summary>A tag or a manifest.</summary>
internal sealed record AttributesHolder
{
    [JsonPropertyName("changeableAttributes")]
    public ChangeableAttributes? ChangeableAttributes { get; init; }
}

/// <summary>The operations that a tag or a manifest allows.</summary>
internal sealed record ChangeableAttributes
{
    [JsonPropertyName("deleteEnabled")]
    public bool DeleteEnabled { get; init; } = true;

    [JsonPropertyName("writeEnabled")]
    public bool WriteEnabled { get; init; } = true;
}

/// <summary>An entry of a list, by which the next page is asked for.</summary>
internal interface IListed
{
    /// <summary>The digest of a manifest, or the name of a tag.</summary>
    string Key { get; }
}

/// <summary>A page of the manifests of a repository.</summary>
internal sealed record ManifestListAnswer
{
    [JsonPropertyName("manifests")]
    public IReadOnlyList<ListedManifest>? Manifests { get; init; }
}

/// <summary>A manifest in a list.</summary>
internal sealed record ListedManifest : IListed
{
    [JsonPropertyName("digest")]
    public required string Digest { get; init; }

    [JsonPropertyName("createdTime")]
    public DateTimeOffset? CreatedTime { get; init; }

    [JsonPropertyName("lastUpdateTime")]
    public DateTimeOffset? LastUpdateTime { get; init; }

    [JsonPropertyName("changeableAttributes")]
    public ChangeableAttributes? ChangeableAttributes { get; init; }

    [JsonIgnore]
    public string Key => Digest;
}

/// <summary>A page of the tags of a repository.</summary>
internal sealed record TagListAnswer
{
    [JsonPropertyName("tags")]
    public IReadOnlyList<ListedTag>? Tags { get; init; }
}

/// <summary>A tag in a list.</summary>
internal sealed record ListedTag : IListed
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("digest")]
    public required string Digest { get; init; }

    [JsonPropertyName("changeableAttributes")]
    public ChangeableAttributes? ChangeableAttributes { get; init; }

    [JsonIgnore]
    public string Key => Name;
}

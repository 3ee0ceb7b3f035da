using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Oci;

namespace Gantry.Attestations;

/// <summary>
/// How an image was built: from which sources, with which parameters and dependencies, by whom and in which run. Signed by the build
/// itself, which is Build L1 of SLSA: it shows what the build says, and a platform that signs in its place is what L2 asks for.
/// </summary>
/// <remarks>
/// The definition of the build is deterministic: the same commit and the same parameters give the same one. Whatever belongs to one run is
/// in <see cref="RunDetails"/>.
/// </remarks>
/// <seealso href="https://slsa.dev/spec/v1.2/build-provenance">SLSA 1.2, build provenance</seealso>
public sealed record Provenance
{
    /// <summary>The name of a dependency that is a base image.</summary>
    internal const string BaseImageName = "base image";

    /// <summary>What was built.</summary>
    [JsonPropertyName("buildDefinition"), JsonPropertyOrder(0)]
    public required BuildDefinition BuildDefinition { get; init; }

    /// <summary>The run that built it.</summary>
    [JsonPropertyName("runDetails"), JsonPropertyOrder(1)]
    public required RunDetails RunDetails { get; init; }

    /// <summary>The time of the build, which the signing key must count at: the end of the run, as the run itself says.</summary>
    [JsonIgnore]
    public DateTimeOffset Time => RunDetails.Metadata.FinishedOn;

    /// <summary>True when the image was not built, but made from that of another release by exchanging its base layers.</summary>
    [JsonIgnore]
    public bool IsRebase => BuildDefinition.BuildType == PredicateTypes.ImageRebase;

    /// <summary>The commit that it was built from: a full hash; null when none is named.</summary>
    [JsonIgnore]
    public string? Commit => BuildDefinition.ResolvedDependencies
        .Select(dependency => dependency.Digest?.GetValueOrDefault("gitCommit"))
        .FirstOrDefault(commit => commit is not null);

    /// <summary>The base images, one for each that its platforms are on; empty for an image without one.</summary>
    [JsonIgnore]
    public IEnumerable<ResourceDescriptor> BaseImages =>
        BuildDefinition.ResolvedDependencies.Where(dependency => dependency.Name == BaseImageName);

    /// <summary>Serializes the predicate as UTF-8; the same values give the same bytes.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ProvenanceJson.Writing.Provenance);

    /// <summary>
    /// Parses the predicate strictly. Throws <c>GAN4209</c> when it has unknown properties, as verifiers are asked to, or another build
    /// type.
    /// </summary>
    /// <param name="attestation">The attestation.</param>
    public static Provenance Read(Attestation attestation)
    {
        var provenance = PredicateReader.Read(
            attestation.Statement.Predicate,
            ProvenanceJson.Default.Provenance,
            (reason, exception) =>
                AttestationErrors.Malformed(attestation.Origin, $"its provenance is of another kind: {reason}", exception));
        if (provenance.BuildDefinition.BuildType is not (PredicateTypes.ImageBuild or PredicateTypes.ImageRebase))
            throw AttestationErrors.Malformed(
                attestation.Origin, $"its build type is {Format.Refused(provenance.BuildDefinition.BuildType)}");
        return provenance.IsRebase == provenance.BuildDefinition.ExternalParameters.RebasedFrom is not null
            ? provenance
            : throw AttestationErrors.Malformed(
                attestation.Origin, "its build type and the release that it was made from contradict each other");
    }

    /// <summary>Returns true when the other provenance has the same definition of the build, so that only the runs differ.</summary>
    public bool HasSameDefinition(Provenance other) => Serialize(this).AsSpan().SequenceEqual(Serialize(other));

    private static byte[] Serialize(Provenance provenance) =>
        JsonSerializer.SerializeToUtf8Bytes(provenance.BuildDefinition, ProvenanceJson.Writing.BuildDefinition);
}

/// <summary>The definition of a build: all that determines its result.</summary>
public sealed record BuildDefinition
{
    /// <summary>The URI of the way in which it was built.</summary>
    [JsonPropertyName("buildType"), JsonPropertyOrder(0)]
    public string BuildType { get; init; } = PredicateTypes.ImageBuild;

    /// <summary>The parameters that a person chooses.</summary>
    [JsonPropertyName("externalParameters"), JsonPropertyOrder(1)]
    public required BuildParameters ExternalParameters { get; init; }

    /// <summary>The parameters that the machine adds: the version of the .NET SDK.</summary>
    [JsonPropertyName("internalParameters"), JsonPropertyOrder(2)]
    public IReadOnlyDictionary<string, string>? InternalParameters { get; init; }

    /// <summary>The commit, the base image and the packages.</summary>
    [JsonPropertyName("resolvedDependencies"), JsonPropertyOrder(3)]
    public IReadOnlyList<ResourceDescriptor> ResolvedDependencies { get; init; } = [];
}

/// <summary>The parameters of a build.</summary>
public sealed record BuildParameters
{
    /// <summary>The repository of the sources; null when it is not known.</summary>
    [JsonPropertyName("source"), JsonPropertyOrder(0)]
    public BuildSource? Source { get; init; }

    /// <summary>The version.</summary>
    [JsonPropertyName("version"), JsonPropertyOrder(1)]
    public required string Version { get; init; }

    /// <summary>The name of the image.</summary>
    [JsonPropertyName("image"), JsonPropertyOrder(2)]
    public required string Image { get; init; }

    /// <summary>The project that was published; null when there is none.</summary>
    [JsonPropertyName("project"), JsonPropertyOrder(3)]
    public string? Project { get; init; }

    /// <summary>The Dockerfile.</summary>
    [JsonPropertyName("dockerfile"), JsonPropertyOrder(4)]
    public string? Dockerfile { get; init; }

    /// <summary>The platforms.</summary>
    [JsonPropertyName("platforms"), JsonPropertyOrder(5)]
    public IReadOnlyList<string> Platforms { get; init; } = [];

    /// <summary>The values of the ARG instructions.</summary>
    [JsonPropertyName("buildArguments"), JsonPropertyOrder(6)]
    public IReadOnlyDictionary<string, string>? BuildArguments { get; init; }

    /// <summary>The version of the release that it was made from by exchanging base layers; null when it was built.</summary>
    [JsonPropertyName("rebasedFrom"), JsonPropertyOrder(7)]
    public string? RebasedFrom { get; init; }
}

/// <summary>The sources of a build.</summary>
public sealed record BuildSource
{
    /// <summary>The repository: <c>git+https://dev.azure.com/contoso/shop/_git/shop</c>.</summary>
    [JsonPropertyName("uri"), JsonPropertyOrder(0)]
    public required string Uri { get; init; }

    /// <summary>The branch or tag: <c>refs/heads/main</c>; null when it is not known.</summary>
    [JsonPropertyName("ref"), JsonPropertyOrder(1)]
    public string? Ref { get; init; }
}

/// <summary>The run of a build.</summary>
public sealed record RunDetails
{
    /// <summary>The builder.</summary>
    [JsonPropertyName("builder"), JsonPropertyOrder(0)]
    public required Builder Builder { get; init; }

    /// <summary>The run and its times.</summary>
    [JsonPropertyName("metadata"), JsonPropertyOrder(1)]
    public required RunMetadata Metadata { get; init; }

    /// <summary>What the build also wrote: SBOMs, and the folders that became layers, with their files.</summary>
    [JsonPropertyName("byproducts"), JsonPropertyOrder(2)]
    public IReadOnlyList<ResourceDescriptor>? Byproducts { get; init; }
}

/// <summary>The builder of an image.</summary>
public sealed record Builder
{
    /// <summary>The URI of what runs builds: an organization of Azure DevOps, or a machine of a developer.</summary>
    [JsonPropertyName("id"), JsonPropertyOrder(0)]
    public required string Id { get; init; }

    /// <summary>The versions of its parts; that of Gantry when null.</summary>
    [JsonPropertyName("version"), JsonPropertyOrder(1)]
    public IReadOnlyDictionary<string, string>? Version { get; init; }
}

/// <summary>The run of a build and its times.</summary>
public sealed record RunMetadata
{
    /// <summary>The URL of the run, which the service confirmed; null on a developer's machine.</summary>
    [JsonPropertyName("invocationId"), JsonPropertyOrder(0)]
    public string? InvocationId { get; init; }

    /// <summary>The time of signing, to the second.</summary>
    [JsonPropertyName("finishedOn"), JsonPropertyOrder(2)]
    public required DateTimeOffset FinishedOn { get; init; }
}

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    Converters =
    [
        typeof(NonNullListJsonConverter<ResourceDescriptor>), typeof(NonNullListJsonConverter<string>), typeof(TextMapJsonConverter),
        typeof(UtcTimeJsonConverter),
    ],
    MaxDepth = 16)]
[JsonSerializable(typeof(Provenance))]
[JsonSerializable(typeof(BuildDefinition))]
[JsonSerializable(typeof(ResourceDescriptor))]
[JsonSerializable(typeof(string))]
internal sealed partial class ProvenanceJson : JsonSerializerContext
{
    /// <summary>The context for writing: characters are not escaped for HTML, because people read it.</summary>
    public static ProvenanceJson Writing =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

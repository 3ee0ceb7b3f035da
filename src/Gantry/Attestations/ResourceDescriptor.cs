using System.Text.Json.Serialization;
using Gantry.Oci;

namespace Gantry.Attestations;

/// <summary>An artifact that a predicate refers to.</summary>
/// <seealso href="https://github.com/in-toto/attestation/blob/main/spec/v1/resource_descriptor.md">in-toto, ResourceDescriptor v1</seealso>
public sealed record ResourceDescriptor
{
    /// <summary>The URI: <c>git+https://…@refs/heads/main</c>, <c>pkg:nuget/Polly.Core@8.9.1</c>.</summary>
    [JsonPropertyName("uri"), JsonPropertyOrder(0)]
    public string? Uri { get; init; }

    /// <summary>The name within the predicate: <c>base image</c>.</summary>
    [JsonPropertyName("name"), JsonPropertyOrder(1)]
    public string? Name { get; init; }

    /// <summary>
    /// The digests in lower-case hexadecimal, by their algorithms: <c>sha256</c>, <c>sha512</c>, <c>gitCommit</c>, <c>dirHash</c>.
    /// </summary>
    [JsonPropertyName("digest"), JsonPropertyOrder(2)]
    public IReadOnlyDictionary<string, string>? Digest { get; init; }

    /// <summary>What else is known of the artifact; null when nothing is.</summary>
    [JsonPropertyName("annotations"), JsonPropertyOrder(3)]
    public ResourceAnnotations? Annotations { get; init; }

    /// <summary>Returns a descriptor with the digest of a manifest.</summary>
    /// <param name="uri">The URI.</param>
    /// <param name="digest">The digest.</param>
    public static ResourceDescriptor Of(string uri, Digest digest) =>
        new() { Uri = uri, Digest = new Dictionary<string, string> { [digest.Algorithm] = digest.Hex } };

    /// <summary>Returns a descriptor of a commit.</summary>
    /// <param name="uri">The URI of the repository, with the ref where it is known; null when it is not.</param>
    /// <param name="commit">The commit, in full.</param>
    public static ResourceDescriptor OfCommit(string? uri, string commit) =>
        new() { Uri = uri, Digest = new Dictionary<string, string> { ["gitCommit"] = commit } };
}

/// <summary>What is known of an artifact that a predicate refers to, apart from its name and its digests.</summary>
public sealed record ResourceAnnotations
{
    /// <summary>The files of a folder, by their paths in it.</summary>
    [JsonPropertyName("files"), JsonPropertyOrder(0)]
    public IReadOnlyList<string>? Files { get; init; }
}

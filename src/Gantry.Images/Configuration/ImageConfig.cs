using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Oci;

namespace Gantry.Images.Configuration;

/// <summary>The configuration of an image: the command, the user, the environment variables, and the layers.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md">OCI image-spec 1.1.1, image configuration</seealso>
internal sealed record ImageConfig
{
    /// <summary>The time of creation (RFC 3339).</summary>
    [JsonPropertyName("created"), JsonPropertyOrder(0)]
    public string? Created { get; init; }

    /// <summary>The author.</summary>
    [JsonPropertyName("author"), JsonPropertyOrder(1)]
    public string? Author { get; init; }

    /// <summary>The processor architecture, with the name that Go uses.</summary>
    [JsonPropertyName("architecture"), JsonPropertyOrder(2), AllowNull]
    public string Architecture { get; init => field = value ?? ""; } = "";

    /// <summary>The operating system, with the name that Go uses.</summary>
    [JsonPropertyName("os"), JsonPropertyOrder(3), AllowNull]
    public string Os { get; init => field = value ?? ""; } = "";

    /// <summary>The version of the operating system.</summary>
    [JsonPropertyName("os.version"), JsonPropertyOrder(4)]
    public string? OsVersion { get; init; }

    /// <summary>The variant of the processor.</summary>
    [JsonPropertyName("variant"), JsonPropertyOrder(5)]
    public string? Variant { get; init; }

    /// <summary>The settings for containers of this image.</summary>
    [JsonPropertyName("config"), JsonPropertyOrder(6)]
    public ContainerConfig? Config { get; init; }

    /// <summary>The uncompressed layers.</summary>
    [JsonPropertyName("rootfs"), JsonPropertyOrder(7), AllowNull]
    public required RootFileSystem RootFs { get; init => field = value ?? new RootFileSystem(); }

    /// <summary>The history of the layers.</summary>
    [JsonPropertyName("history"), JsonPropertyOrder(8)]
    public IReadOnlyList<HistoryEntry>? History { get; init; }
}

/// <summary>The settings for containers of an image.</summary>
internal sealed record ContainerConfig
{
    /// <summary>User and group, by name or number: <c>user[:group]</c>.</summary>
    [JsonPropertyName("User"), JsonPropertyOrder(0)]
    public string? User { get; init; }

    /// <summary>The ports that the container listens on: <c>port[/protocol]</c>.</summary>
    [JsonPropertyName("ExposedPorts"), JsonPropertyOrder(1)]
    public IReadOnlyDictionary<string, EmptyObject>? ExposedPorts { get; init; }

    /// <summary>The environment variables, <c>NAME=value</c>.</summary>
    [JsonPropertyName("Env"), JsonPropertyOrder(2)]
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>The program and its first arguments.</summary>
    [JsonPropertyName("Entrypoint"), JsonPropertyOrder(3)]
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>The arguments that a caller may replace.</summary>
    [JsonPropertyName("Cmd"), JsonPropertyOrder(4)]
    public IReadOnlyList<string>? Cmd { get; init; }

    /// <summary>The directories that hold data.</summary>
    [JsonPropertyName("Volumes"), JsonPropertyOrder(5)]
    public IReadOnlyDictionary<string, EmptyObject>? Volumes { get; init; }

    /// <summary>The directory to start in.</summary>
    [JsonPropertyName("WorkingDir"), JsonPropertyOrder(6)]
    public string? WorkingDir { get; init; }

    /// <summary>The labels.</summary>
    [JsonPropertyName("Labels"), JsonPropertyOrder(7)]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>The signal that stops the container.</summary>
    [JsonPropertyName("StopSignal"), JsonPropertyOrder(8)]
    public string? StopSignal { get; init; }

    /// <summary>The health check of containers, unchanged. Docker's extension; the specification only reserves the name.</summary>
    [JsonPropertyName("Healthcheck"), JsonPropertyOrder(9)]
    public JsonElement? Healthcheck { get; init; }

    /// <summary>The instructions that run first in builds on top of this image. Docker's extension.</summary>
    [JsonPropertyName("OnBuild"), JsonPropertyOrder(10)]
    public IReadOnlyList<string>? OnBuild { get; init; }

    /// <summary>The shell that runs commands written as one string. Docker's extension.</summary>
    [JsonPropertyName("Shell"), JsonPropertyOrder(11)]
    public IReadOnlyList<string>? Shell { get; init; }
}

/// <summary>The value of a set that JSON writes as <c>{"key":{}}</c>.</summary>
internal sealed record EmptyObject;

/// <summary>The uncompressed layers of an image.</summary>
internal sealed record RootFileSystem
{
    /// <summary>Always <c>layers</c>.</summary>
    [JsonPropertyName("type"), JsonPropertyOrder(0), AllowNull]
    public string Type { get; init => field = value ?? "layers"; } = "layers";

    /// <summary>The digests of the uncompressed layers, the lowest first.</summary>
    [JsonPropertyName("diff_ids"), JsonPropertyOrder(1), AllowNull]
    public IReadOnlyList<Digest> DiffIds { get; init => field = value ?? []; } = [];
}

/// <summary>The origin of one layer, or of one change of the configuration.</summary>
internal sealed record HistoryEntry
{
    /// <summary>The time of creation (RFC 3339).</summary>
    [JsonPropertyName("created"), JsonPropertyOrder(0)]
    public string? Created { get; init; }

    /// <summary>The instruction.</summary>
    [JsonPropertyName("created_by"), JsonPropertyOrder(1)]
    public string? CreatedBy { get; init; }

    /// <summary>A comment.</summary>
    [JsonPropertyName("comment"), JsonPropertyOrder(2)]
    public string? Comment { get; init; }

    /// <summary>True when the instruction created no layer.</summary>
    [JsonPropertyName("empty_layer"), JsonPropertyOrder(3)]
    public bool? EmptyLayer { get; init; }
}

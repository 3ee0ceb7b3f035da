using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.AzurePipelines.Environments;

namespace Gantry.AzurePipelines.Service;

/// <summary>A list as Azure DevOps answers it.</summary>
internal sealed record ListDocument<T>(IReadOnlyList<T>? Value);

/// <summary>An environment.</summary>
internal sealed record EnvironmentDocument
{
    public required int Id { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }
}

/// <summary>A check as it is there.</summary>
internal sealed record CheckDocument
{
    public required int Id { get; init; }

    public required CheckTypeDocument Type { get; init; }

    public int? Version { get; init; }

    public int? Timeout { get; init; }

    public bool? IsDisabled { get; init; }

    public DateTimeOffset? ModifiedOn { get; init; }

    public JsonElement Settings { get; init; }
}

/// <summary>The type of a check.</summary>
internal sealed record CheckTypeDocument
{
    public required string Id { get; init; }

    public string? Name { get; init; }
}

/// <summary>Which pipelines may use something.</summary>
internal sealed record PermissionsDocument
{
    public PermissionDocument? AllPipelines { get; init; }

    public IReadOnlyList<PermissionDocument>? Pipelines { get; init; }
}

/// <summary>Whether a pipeline may.</summary>
internal sealed record PermissionDocument
{
    /// <summary>The pipeline; null: all of them.</summary>
    public int? Id { get; init; }

    public bool Authorized { get; init; }
}

/// <summary>A user or group.</summary>
internal sealed record IdentityDocument
{
    public required string Id { get; init; }

    public string? ProviderDisplayName { get; init; }

    public string? CustomDisplayName { get; init; }

    public string? SubjectDescriptor { get; init; }

    public bool? IsActive { get; init; }

    public bool? IsContainer { get; init; }

    public JsonElement Properties { get; init; }
}

/// <summary>A service connection.</summary>
internal sealed record EndpointDocument
{
    public required string Id { get; init; }

    public required string Name { get; init; }
}

/// <summary>A variable group.</summary>
internal sealed record VariableGroupDocument
{
    public required int Id { get; init; }

    public required string Name { get; init; }
}

/// <summary>A pipeline.</summary>
internal sealed record DefinitionDocument
{
    public required int Id { get; init; }

    public required string Name { get; init; }

    public DefinitionProcess? Process { get; init; }

    public DefinitionRepository? Repository { get; init; }
}

/// <summary>What a pipeline runs.</summary>
internal sealed record DefinitionProcess(string? YamlFilename);

/// <summary>The repository of a pipeline.</summary>
internal sealed record DefinitionRepository(string? Name, string? Url);

/// <summary>What the service is asked about a pipeline.</summary>
internal sealed record PreviewParameters
{
    public bool PreviewRun { get; init; } = true;

    public required string YamlOverride { get; init; }

    public PreviewResources? Resources { get; init; }
}

/// <summary>From where a preview takes templates.</summary>
internal sealed record PreviewResources(IReadOnlyDictionary<string, PreviewRepository> Repositories);

/// <summary>A repository in a preview.</summary>
internal sealed record PreviewRepository(string RefName);

/// <summary>What the service makes of a pipeline.</summary>
internal sealed record PreviewDocument(string? FinalYaml);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(ListDocument<EnvironmentDocument>))]
[JsonSerializable(typeof(ListDocument<CheckDocument>))]
[JsonSerializable(typeof(ListDocument<IdentityDocument>))]
[JsonSerializable(typeof(ListDocument<EndpointDocument>))]
[JsonSerializable(typeof(ListDocument<VariableGroupDocument>))]
[JsonSerializable(typeof(ListDocument<DefinitionDocument>))]
[JsonSerializable(typeof(EnvironmentBody))]
[JsonSerializable(typeof(CheckConfiguration))]
[JsonSerializable(typeof(CheckSettings))]
[JsonSerializable(typeof(PermissionsDocument))]
[JsonSerializable(typeof(PreviewParameters))]
[JsonSerializable(typeof(PreviewDocument))]
internal sealed partial class ServiceJson : JsonSerializerContext;

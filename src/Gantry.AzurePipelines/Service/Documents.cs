using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.AzurePipelines.Environments;

namespace Gantry.AzurePipelines.Service;

/// <summary>A list as Azure DevOps returns it.</summary>
internal sealed record ListDocument<T>(IReadOnlyList<T?>? Value = null)
    where T : class;

/// <summary>An environment.</summary>
internal sealed record EnvironmentDocument
{
    public required int Id { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }
}

/// <summary>An existing check.</summary>
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

/// <summary>The permissions of pipelines for a resource.</summary>
internal sealed record PermissionsDocument
{
    public PermissionDocument? AllPipelines { get; init; }

    public IReadOnlyList<PermissionDocument?>? Pipelines { get; init; }
}

/// <summary>The permission of one pipeline, or of all.</summary>
internal sealed record PermissionDocument
{
    /// <summary>The pipeline; null for all pipelines.</summary>
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

/// <summary>A repository of git.</summary>
internal sealed record RepositoryDocument
{
    public required string Id { get; init; }

    public required RepositoryProject Project { get; init; }
}

/// <summary>The project of a repository.</summary>
internal sealed record RepositoryProject
{
    public required string Id { get; init; }
}

/// <summary>A pipeline.</summary>
internal sealed record DefinitionDocument
{
    public required int Id { get; init; }

    public required string Name { get; init; }

    public DefinitionProcess? Process { get; init; }

    public DefinitionRepository? Repository { get; init; }
}

/// <summary>The YAML file of a pipeline.</summary>
internal sealed record DefinitionProcess(string? YamlFilename = null);

/// <summary>The repository of a pipeline.</summary>
internal sealed record DefinitionRepository(string? Name = null, string? Url = null);

/// <summary>A run of a pipeline.</summary>
internal sealed record RunDocument
{
    public required int Id { get; init; }

    public string? Status { get; init; }

    public RunDefinition? Definition { get; init; }

    public string? SourceVersion { get; init; }

    public string? SourceBranch { get; init; }

    public RunRequester? RequestedFor { get; init; }
}

/// <summary>The pipeline of a run.</summary>
internal sealed record RunDefinition(int Id);

/// <summary>The person who requested a run.</summary>
internal sealed record RunRequester(string? DisplayName);

/// <summary>A deployment to an environment.</summary>
internal sealed record DeploymentDocument
{
    public RunOwner? Owner { get; init; }

    public int EnvironmentId { get; init; }

    /// <summary>The name of the stage that deploys.</summary>
    public string? StageName { get; init; }

    public int? StageAttempt { get; init; }

    /// <summary>The time of its end; null while it is in progress.</summary>
    public DateTimeOffset? FinishTime { get; init; }
}

/// <summary>The run that a deployment is part of.</summary>
internal sealed record RunOwner(int Id);

/// <summary>The request for a preview.</summary>
internal sealed record PreviewParameters
{
    public bool PreviewRun { get; init; } = true;

    public required string YamlOverride { get; init; }

    public PreviewResources? Resources { get; init; }
}

/// <summary>The repositories from which a preview reads templates.</summary>
internal sealed record PreviewResources(IReadOnlyDictionary<string, PreviewRepository> Repositories);

/// <summary>A repository in a preview.</summary>
internal sealed record PreviewRepository(string RefName);

/// <summary>The response to a preview.</summary>
internal sealed record PreviewDocument(string? FinalYaml = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(ListDocument<EnvironmentDocument>))]
[JsonSerializable(typeof(ListDocument<CheckDocument>))]
[JsonSerializable(typeof(ListDocument<IdentityDocument>))]
[JsonSerializable(typeof(ListDocument<EndpointDocument>))]
[JsonSerializable(typeof(ListDocument<VariableGroupDocument>))]
[JsonSerializable(typeof(ListDocument<DefinitionDocument>))]
[JsonSerializable(typeof(RepositoryDocument))]
[JsonSerializable(typeof(EnvironmentBody))]
[JsonSerializable(typeof(CheckConfiguration))]
[JsonSerializable(typeof(CheckSettings))]
[JsonSerializable(typeof(PermissionsDocument))]
[JsonSerializable(typeof(PreviewParameters))]
[JsonSerializable(typeof(PreviewDocument))]
[JsonSerializable(typeof(RunDocument))]
[JsonSerializable(typeof(ListDocument<DeploymentDocument>))]
[JsonSerializable(typeof(TimelineDocument))]
[JsonSerializable(typeof(CheckSuiteDocument))]
[JsonSerializable(typeof(ListDocument<ApprovalDocument>))]
[JsonSerializable(typeof(QueryDocument))]
[JsonSerializable(typeof(QueryResultDocument))]
[JsonSerializable(typeof(ListDocument<WorkItemDocument>))]
[JsonSerializable(typeof(ListDocument<WorkItemStateDocument>))]
[JsonSerializable(typeof(ListDocument<WorkItemFieldDocument>))]
[JsonSerializable(typeof(WorkItemDocument))]
[JsonSerializable(typeof(PatchOperation[]))]
internal sealed partial class ServiceJson : JsonSerializerContext;

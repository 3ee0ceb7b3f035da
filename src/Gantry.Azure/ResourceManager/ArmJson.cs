using System.Text.Json.Serialization;

namespace Gantry.Azure.ResourceManager;

/// <summary>Reads and writes the JSON of Azure Resource Manager, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 32)]
[JsonSerializable(typeof(ArmErrorBody))]
[JsonSerializable(typeof(ArmOperationState))]
[JsonSerializable(typeof(GraphQuery))]
[JsonSerializable(typeof(GraphAnswer))]
internal sealed partial class ArmJson : JsonSerializerContext;

/// <summary>The body of an error, in the common format of Azure services.</summary>
internal sealed record ArmErrorBody
{
    public ArmError? Error { get; init; }
}

/// <summary>The description of the problem.</summary>
internal sealed record ArmError
{
    public string? Code { get; init; }

    public string? Message { get; init; }
}

/// <summary>The state of an operation.</summary>
internal sealed record ArmOperationState
{
    public string? Status { get; init; }

    public ArmError? Error { get; init; }
}

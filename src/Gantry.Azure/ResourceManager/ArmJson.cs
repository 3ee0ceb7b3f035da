using System.Text.Json.Serialization;

namespace Gantry.Azure.ResourceManager;

/// <summary>Writes and reads what Azure Resource Manager is told and answers, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 32)]
[JsonSerializable(typeof(ArmErrorBody))]
[JsonSerializable(typeof(ArmOperationState))]
[JsonSerializable(typeof(GraphQuery))]
[JsonSerializable(typeof(GraphAnswer))]
internal sealed partial class ArmJson : JsonSerializerContext;

/// <summary>An error, as every service of Azure writes it.</summary>
internal sealed record ArmErrorBody
{
    public ArmError? Error { get; init; }
}

/// <summary>What is wrong.</summary>
internal sealed record ArmError
{
    public string? Code { get; init; }

    public string? Message { get; init; }
}

/// <summary>How far an operation is.</summary>
internal sealed record ArmOperationState
{
    public string? Status { get; init; }

    public ArmError? Error { get; init; }
}

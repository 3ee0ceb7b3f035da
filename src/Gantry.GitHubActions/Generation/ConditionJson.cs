using System.Text.Json.Serialization;

namespace Gantry.GitHubActions.Generation;

/// <summary>The lists in conditions.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(string[]))]
internal sealed partial class ConditionJson : JsonSerializerContext;

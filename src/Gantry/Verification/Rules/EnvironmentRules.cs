using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Environments;

namespace Gantry.Verification.Rules;

/// <summary>What a promotion to an environment needs of its declaration, beside registries and keys.</summary>
internal sealed record EnvironmentRules
{
    [JsonPropertyOrder(0)]
    public string? DisplayName { get; init; }

    [JsonPropertyOrder(1)]
    public IReadOnlyList<IReadOnlyList<string>>? Waves { get; init; }

    [JsonPropertyOrder(2)]
    public double? PauseBetweenWavesSeconds { get; init; }

    [JsonPropertyOrder(3)]
    public ImageLock Lock { get; init; }

    [JsonPropertyOrder(4)]
    public bool RequireSigned { get; init; }

    [JsonPropertyOrder(5)]
    public bool ReturnsOnFailure { get; init; }

    [JsonPropertyOrder(6)]
    public required IReadOnlyList<GateRule> Gates { get; init; }

    [JsonPropertyOrder(7)]
    public required IReadOnlyList<DeploymentRule> Deployments { get; init; }

    [JsonPropertyOrder(8)]
    public required IReadOnlyList<HealthCheckRule> HealthChecks { get; init; }

    [JsonPropertyOrder(9)]
    public IReadOnlyList<NotificationRule>? Notifications { get; init; }

    /// <summary>Writes the rules of an environment.</summary>
    public static JsonElement Write(PromotionEnvironment environment)
    {
        var rules = new EnvironmentRules
        {
            DisplayName = environment.DisplayName == environment.Name ? null : environment.DisplayName,
            Waves = environment.Waves.Count == 0 ? null : environment.Waves,
            PauseBetweenWavesSeconds = environment.PauseBetweenWaves == TimeSpan.Zero ? null : environment.PauseBetweenWaves.TotalSeconds,
            Lock = environment.Lock,
            RequireSigned = environment.RequireSigned,
            ReturnsOnFailure = environment.ReturnsOnFailure,
            Gates = [.. environment.Gates.Select(GateRule.Of)],
            Deployments = [.. environment.Deployments.Select(DeploymentRule.Of)],
            HealthChecks = [.. environment.HealthChecks.Select(HealthCheckRule.Of)],
            Notifications = environment.Notifications.Count == 0 ? null : [.. environment.Notifications.Select(NotificationRule.Of)],
        };
        return JsonSerializer.SerializeToElement(rules, RulesJson.Default.EnvironmentRules);
    }

    /// <summary>Returns an environment with rules. Throws <see cref="JsonException"/> when they are not those of an environment.</summary>
    public static PromotionEnvironment Apply(JsonElement written, PromotionEnvironment environment)
    {
        var rules = Read(written);
        try
        {
            return environment with
            {
                DisplayName = rules.DisplayName ?? environment.Name,
                Waves = rules.Waves ?? [],
                PauseBetweenWaves = TimeSpan.FromSeconds(rules.PauseBetweenWavesSeconds ?? 0),
                Lock = rules.Lock,
                RequireSigned = rules.RequireSigned,
                ReturnsOnFailure = rules.ReturnsOnFailure,
                Gates = [.. rules.Gates.Select(gate => gate.Read())],
                Deployments = [.. rules.Deployments.Select(deployment => deployment.Read())],
                HealthChecks = [.. rules.HealthChecks.Select(check => check.ToCheck())],
                Notifications = [.. (rules.Notifications ?? []).Select(channel => channel.Read())],
            };
        }
        catch (Exception exception) when (exception is OverflowException or ArgumentException)
        {
            throw new JsonException("a time is out of range", exception);
        }
    }

    private static EnvironmentRules Read(JsonElement written)
    {
        try
        {
            return written.Deserialize(RulesJson.Default.EnvironmentRules) ?? throw new JsonException("the promotion is null");
        }
        catch (NotSupportedException exception)
        {
            // The serializer's word for a rule without a kind.
            throw new JsonException("a rule has no 'kind'", exception);
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    UseStringEnumConverter = true,
    Converters =
    [
        typeof(Oci.NonNullListJsonConverter<GateRule>), typeof(Oci.NonNullListJsonConverter<DeploymentRule>),
        typeof(Oci.NonNullListJsonConverter<HealthCheckRule>), typeof(Oci.NonNullListJsonConverter<NotificationRule>),
        typeof(Oci.NonNullListJsonConverter<PackageEntry>),
        typeof(Oci.NonNullListJsonConverter<WindowEntry>), typeof(Oci.NonNullListJsonConverter<IReadOnlyList<string>>),
        typeof(Oci.NonNullListJsonConverter<string>), typeof(Oci.TextMapJsonConverter),
    ],
    MaxDepth = 16)]
[JsonSerializable(typeof(EnvironmentRules))]
[JsonSerializable(typeof(GateRule))]
[JsonSerializable(typeof(DeploymentRule))]
[JsonSerializable(typeof(HealthCheckRule))]
[JsonSerializable(typeof(NotificationRule))]
[JsonSerializable(typeof(PackageEntry))]
[JsonSerializable(typeof(WindowEntry))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(string))]
internal sealed partial class RulesJson : JsonSerializerContext;

using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Attestations;
using Gantry.Environments;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Signing;
using Gantry.Verification.Rules;

namespace Gantry.Verification;

/// <summary>
/// A policy as a file: <c>environments.json</c>, which a build writes, so that a release can be verified without its repository.
/// </summary>
public sealed record PolicyDocument
{
    /// <summary>
    /// The schema that this version writes. It also reads schema 1, which has nothing that a promotion needs beside registries and keys.
    /// </summary>
    public const int CurrentSchema = 2;

    private const int OldestSchema = 1;

    /// <summary>The schema of the document.</summary>
    [JsonPropertyName("schema"), JsonPropertyOrder(0)]
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>The URI of the verifier that signs promotions.</summary>
    [JsonPropertyName("verifier"), JsonPropertyOrder(1)]
    public required string Verifier { get; init; }

    /// <summary>The names of the images.</summary>
    [JsonPropertyName("images"), JsonPropertyOrder(2)]
    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>The base registry.</summary>
    [JsonPropertyName("base"), JsonPropertyOrder(3)]
    public required PolicyPlace Base { get; init; }

    /// <summary>The environments, each after its predecessor.</summary>
    [JsonPropertyName("environments"), JsonPropertyOrder(4)]
    public required IReadOnlyList<PolicyEnvironment> Environments { get; init; }

    /// <summary>The public keys that gates name by their files; null when there are none.</summary>
    [JsonPropertyName("gateKeys"), JsonPropertyOrder(5)]
    public IReadOnlyList<PolicyKey>? GateKeys { get; init; }

    /// <summary>The sources that declare the environments; null when they are not known.</summary>
    [JsonPropertyName("source"), JsonPropertyOrder(6)]
    public PolicyOrigin? Source { get; init; }

    /// <summary>True when promotions are also kept under cosign's earlier tag.</summary>
    [JsonPropertyName("attestationTags"), JsonPropertyOrder(7)]
    public bool AttestationTags { get; init; }

    /// <summary>True when promotions are also signed with certificates of the Notary Project, which the document does not have.</summary>
    [JsonPropertyName("notation"), JsonPropertyOrder(8)]
    public bool Notation { get; init; }

    /// <summary>True when the document has what a promotion needs.</summary>
    [JsonIgnore]
    public bool AllowsPromotion => Environments.All(environment => environment.Promotion is not null);

    /// <summary>Returns the document of a policy.</summary>
    /// <param name="policy">The policy.</param>
    public static PolicyDocument Of(VerificationPolicy policy) => new()
    {
        Verifier = policy.Targets.Select(target => target.Trust?.VerifierId).FirstOrDefault(id => id is not null)
            ?? policy.BaseTrust?.VerifierId ?? PredicateTypes.Verifier,
        Images = policy.Images,
        Base = new PolicyPlace { Registry = policy.Base.ToString()!, Keys = KeysOf(policy.BaseTrust) },
        Environments =
        [
            .. policy.Targets.GroupBy(target => target.Environment).Select(environment => new PolicyEnvironment
            {
                Name = environment.Key.Name,
                After = environment.Key.After?.Name,
                PromotionsCountForSeconds = (long?)environment.Key.PromotionsCountFor?.TotalSeconds,
                Registries =
                [
                    .. environment.Select(target => new PolicyRegistry { Region = target.Region, Registry = target.Address.ToString()! }),
                ],
                Keys = KeysOf(environment.First().Trust),
                Hosts = HostsOf([.. environment]),
                Promotion = EnvironmentRules.Write(environment.Key),
            }),
        ],
    };

    /// <summary>Returns the policy; throws <c>GAN4215</c> when the document contradicts itself, <c>GAN1006</c>, <c>GAN4221</c> and
    /// <c>GAN4222</c> for addresses and keys that are not valid.</summary>
    /// <param name="origin">The name of the document in errors.</param>
    public VerificationPolicy ToPolicy(string origin)
    {
        var environments = new Dictionary<string, PromotionEnvironment>(StringComparer.Ordinal);
        var targets = new List<PromotionTarget>();
        foreach (var each in Environments)
        {
            // They become parts of commands that a person is told to run.
            if (each.Registries.Select(registry => registry.Region).Prepend(each.Name).FirstOrDefault(name => !IsName(name)) is { } odd)
                throw VerificationErrors.MalformedPolicy(
                    origin, $"{Format.Refused(odd)} cannot be the name of an environment or region");
            var before = each.After is null ? null
                : environments.GetValueOrDefault(each.After)
                    ?? throw VerificationErrors.MalformedPolicy(
                        origin, $"'{each.Name}' comes after '{each.After}', which is not before it");
            var environment = new PromotionEnvironment(each.Name)
            {
                After = before,
                Regions = [.. each.Registries.Select(registry => registry.Region).OfType<string>()],
                PromotionsCountFor = each.PromotionsCountForSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            };
            environment = ApplyRules(each, environment, origin);
            if (!environments.TryAdd(each.Name, environment))
                throw VerificationErrors.MalformedPolicy(origin, $"it has '{each.Name}' twice");
            var trust = TrustOf(each.Keys, environment.PromotionsCountFor);
            targets.AddRange(each.Registries.Select(registry =>
                new PromotionTarget(environment, registry.Region, RegistryAddress.Parse(registry.Registry)) { Trust = trust }));
        }

        return new VerificationPolicy
        {
            Base = RegistryAddress.Parse(Base.Registry),
            BaseTrust = TrustOf(Base.Keys, maximumAge: null),
            Images = Images,
            Targets = targets,
        };
    }

    /// <summary>Serializes the document as UTF-8; the same policy gives the same bytes.</summary>
    public byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, PolicyJson.Default.PolicyDocument), (byte)'\n'];

    /// <summary>Reads a file. Throws <c>GAN4215</c> when it does not exist, is malformed or has another schema.</summary>
    /// <param name="path">The path.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<PolicyDocument> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > Limits.RecordBytes })
                throw VerificationErrors.MalformedPolicy(path, $"it is larger than {Format.Bytes(Limits.RecordBytes)}");
            return Read(await RegularFile.ReadAllBytesAsync(path, cancellationToken), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw VerificationErrors.MalformedPolicy(path, exception.Message.TrimEnd('.'), exception);
        }
    }

    /// <summary>Parses a document strictly. Throws <c>GAN4215</c> when it is malformed or has another schema.</summary>
    internal static PolicyDocument Read(byte[] json, string origin)
    {
        try
        {
            var document = JsonSerializer.Deserialize(json, PolicyJson.Default.PolicyDocument) ?? throw new JsonException("it is null");
            return document.Schema is >= OldestSchema and <= CurrentSchema
                ? document
                : throw VerificationErrors.MalformedPolicy(origin, $"it has schema {document.Schema} instead of {CurrentSchema}");
        }
        catch (JsonException exception)
        {
            throw VerificationErrors.MalformedPolicy(origin, exception.Message.TrimEnd('.'), exception);
        }
    }

    /// <summary>Adds the keys that gates name, as far as their files are there; what is missing fails a promotion that needs it.</summary>
    /// <param name="targets">The registries of the environments.</param>
    /// <param name="rootFolder">The root of the repository, which the names are relative to.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<PolicyDocument> WithGateKeysAsync(
        IEnumerable<PromotionTarget> targets, string rootFolder, CancellationToken cancellationToken)
    {
        var files = targets.SelectMany(target => target.Environment.Gates).SelectMany(FilesOf).Distinct(StringComparer.Ordinal)
            .Where(file => File.Exists(Path.GetFullPath(file, rootFolder)));
        var keys = await new KeyFiles(rootFolder).ReadAsync([.. files.Order(StringComparer.Ordinal)], cancellationToken);
        return this with
        {
            GateKeys = keys.Count == 0 ? null : [.. keys.Select(key => new PolicyKey { Name = key.Name, Key = key.ToText() })],
        };
    }

    /// <summary>Returns the keys of gates, by the names of their files.</summary>
    public KeyFiles ToKeyFiles() => KeyFiles.Of((GateKeys ?? []).DistinctBy(key => key.Name).ToDictionary(key => key.Name, key => key.Key));

    private static IEnumerable<string> FilesOf(Gate gate) => gate switch
    {
        AttestationGate it => it.Keys,
        VulnerabilityGate it => it.Keys,
        SbomRulesGate it => it.Keys,
        SignedApprovalsGate it => it.Keys,
        RebuiltGate it => it.Keys,
        _ => [],
    };

    private static PromotionEnvironment ApplyRules(PolicyEnvironment written, PromotionEnvironment environment, string origin)
    {
        try
        {
            return written.Promotion is { } rules ? EnvironmentRules.Apply(rules, environment) : environment;
        }
        catch (JsonException exception)
        {
            throw VerificationErrors.MalformedPolicy(
                origin, $"the promotion of '{written.Name}' cannot be used: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    // A webhook cannot be asked what runs behind it, and hosts cannot pull from a folder on this machine.
    private static IReadOnlyList<string>? HostsOf(IReadOnlyList<PromotionTarget> targets)
    {
        var hosts = targets[0].Environment.Deployments.Where(deployment => deployment is not WebhookDeployment).ToList();
        return hosts.Count > 0 && targets.Any(target => target.Address is HostAddress)
            ? [.. hosts.Select(host => host.Description).Distinct()]
            : null;
    }

    private static bool IsName(string? name) => name is null || EnvironmentSet.IsName(name);

    private TrustPolicy? TrustOf(IReadOnlyList<PolicyKey> keys, TimeSpan? maximumAge) => keys.Count == 0 ? null : new TrustPolicy
    {
        Keys = [.. keys.Select(key => TrustedKey.Parse(key.Key, key.Name))],
        VerifierId = Verifier,
        MaximumAge = maximumAge,
    };

    private static IReadOnlyList<PolicyKey> KeysOf(TrustPolicy? trust) =>
        [.. (trust?.Keys ?? []).Select(key => new PolicyKey { Name = key.Name, Key = key.ToText() })];
}

/// <summary>The base registry of a policy.</summary>
public sealed record PolicyPlace
{
    /// <summary>The address.</summary>
    [JsonPropertyName("registry"), JsonPropertyOrder(0)]
    public required string Registry { get; init; }

    /// <summary>The trusted keys; empty when nothing is signed there.</summary>
    [JsonPropertyName("keys"), JsonPropertyOrder(1)]
    public required IReadOnlyList<PolicyKey> Keys { get; init; }
}

/// <summary>An environment of a policy.</summary>
public sealed record PolicyEnvironment
{
    /// <summary>The name.</summary>
    [JsonPropertyName("name"), JsonPropertyOrder(0)]
    public required string Name { get; init; }

    /// <summary>The previous environment; null for the first.</summary>
    [JsonPropertyName("after"), JsonPropertyOrder(1)]
    public string? After { get; init; }

    /// <summary>The seconds for which a promotion counts; null for ever.</summary>
    [JsonPropertyName("promotionsCountForSeconds"), JsonPropertyOrder(2)]
    public long? PromotionsCountForSeconds { get; init; }

    /// <summary>The registries: one, or one for each region.</summary>
    [JsonPropertyName("registries"), JsonPropertyOrder(3)]
    public required IReadOnlyList<PolicyRegistry> Registries { get; init; }

    /// <summary>The trusted keys; empty when promotions are not signed.</summary>
    [JsonPropertyName("keys"), JsonPropertyOrder(4)]
    public required IReadOnlyList<PolicyKey> Keys { get; init; }

    /// <summary>The hosts that the build asks what they run, for people; null when there are none.</summary>
    [JsonPropertyName("hosts"), JsonPropertyOrder(5)]
    public IReadOnlyList<string>? Hosts { get; init; }

    /// <summary>
    /// What a promotion needs of the declaration: gates, deployments, health checks, locks, waves (docs/schemas/environments.schema.json).
    /// Null in a document of schema 1.
    /// </summary>
    [JsonPropertyName("promotion"), JsonPropertyOrder(6)]
    public JsonElement? Promotion { get; init; }
}

/// <summary>The sources that declare the environments of a policy.</summary>
public sealed record PolicyOrigin
{
    /// <summary>The repository with its commit: <c>git+https://dev.azure.com/contoso/shop/_git/shop@0123…</c>.</summary>
    [JsonPropertyName("uri"), JsonPropertyOrder(0)]
    public required string Uri { get; init; }

    /// <summary>The commit; null when the declaration differs from it.</summary>
    [JsonPropertyName("commit"), JsonPropertyOrder(1)]
    public string? Commit { get; init; }
}

/// <summary>A registry of an environment.</summary>
public sealed record PolicyRegistry
{
    /// <summary>The region; null when the environment has none.</summary>
    [JsonPropertyName("region"), JsonPropertyOrder(0)]
    public string? Region { get; init; }

    /// <summary>The address.</summary>
    [JsonPropertyName("registry"), JsonPropertyOrder(1)]
    public required string Registry { get; init; }
}

/// <summary>A trusted key of a policy.</summary>
public sealed record PolicyKey
{
    /// <summary>The name for people: the file in the repository.</summary>
    [JsonPropertyName("name"), JsonPropertyOrder(0)]
    public required string Name { get; init; }

    /// <summary>The text of the file: the time in which it counts, and the key in PEM (<see cref="TrustedKey"/>).</summary>
    [JsonPropertyName("key"), JsonPropertyOrder(1)]
    public required string Key { get; init; }
}

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    Converters =
    [
        typeof(NonNullListJsonConverter<PolicyEnvironment>), typeof(NonNullListJsonConverter<PolicyRegistry>),
        typeof(NonNullListJsonConverter<PolicyKey>), typeof(NonNullListJsonConverter<string>),
    ],
    WriteIndented = true,
    NewLine = "\n",
    MaxDepth = 24)]
[JsonSerializable(typeof(PolicyDocument))]
[JsonSerializable(typeof(PolicyEnvironment))]
[JsonSerializable(typeof(PolicyRegistry))]
[JsonSerializable(typeof(PolicyKey))]
[JsonSerializable(typeof(string))]
internal sealed partial class PolicyJson : JsonSerializerContext;

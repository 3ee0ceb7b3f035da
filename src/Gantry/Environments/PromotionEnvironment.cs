using System.Globalization;

namespace Gantry.Environments;

/// <summary>
/// One environment in the path of a release, as declared in the build: <c>new("test") { After = Dev, Gates = [Gate.Approval("QA")] }</c>.
/// </summary>
/// <remarks>
/// Environments are equal when their names are equal: a property that creates a new record at each call returns the same environment.
/// </remarks>
/// <param name="Name">The name: letters, digits, '-' and '_', starting with a letter.</param>
public sealed record PromotionEnvironment(string Name)
{
    /// <summary>The environment that a release must be in before it is promoted to this one; null for the first.</summary>
    public PromotionEnvironment? After { get; init; }

    /// <summary>The gates of a promotion to this environment.</summary>
    public IReadOnlyList<Gate> Gates { get; init; } = [];

    /// <summary>The hosts that are updated when a release is promoted to this environment.</summary>
    public IReadOnlyList<Deployment> Deployments { get; init; } = [];

    /// <summary>The health checks that must pass before a promotion to this environment counts as done.</summary>
    public IReadOnlyList<HealthCheck> HealthChecks { get; init; } = [];

    /// <summary>
    /// The channels that get a message when a release is promoted to this environment, refused or returned, and when it has drifted.
    /// </summary>
    public IReadOnlyList<Notification> Notifications { get; init; } = [];

    /// <summary>
    /// True when a promotion whose health check fails returns to the release that was there before, in the same run. The environment is
    /// then held, and the run fails all the same. It needs a health check.
    /// </summary>
    public bool ReturnsOnFailure { get; init; }

    /// <summary>
    /// The regions of the environment. Each has its own registry, and a release is promoted to all of them at the same time, or in
    /// <see cref="Waves"/>. By default those of the waves. When empty, the environment has one registry.
    /// </summary>
    public IReadOnlyList<string> Regions
    {
        get => field.Count > 0 ? field : [.. Waves.SelectMany(wave => wave)];
        init;
    }
    = [];

    /// <summary>
    /// The regions in the order in which a release reaches them: <c>[["west-europe"], ["east-us", "uk-south"]]</c>. Each region is in one
    /// wave. A wave begins when the one before is promoted, deployed and checked, and after <see cref="PauseBetweenWaves"/>; a failure
    /// stops the promotion there. When empty, all regions are one wave. A return goes to all regions at the same time.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>> Waves { get; init; } = [];

    /// <summary>
    /// The time that a release is in a wave before the next one begins, measured from the record of its promotion; zero by default, at
    /// most 30 days.
    /// </summary>
    public TimeSpan PauseBetweenWaves { get; init; }

    /// <summary>
    /// The number of jobs of a pipeline that place the images of a release in the environment at the same time, each its slice of them. One
    /// job after them promotes: it verifies that all images are in place, and writes records and tags. 1 by default: one job does both.
    /// </summary>
    public int Slices { get; init; } = 1;

    /// <summary>The display name, which may be any text.</summary>
    public string DisplayName { get; init; } = Name;

    /// <summary>The identity for requests to its registries and services; when null, the signed-in user.</summary>
    public EnvironmentIdentity? Identity { get; init; }

    /// <summary>
    /// The parts of a promoted image that are locked in the environment's registries, if they support it; nothing by default.
    /// </summary>
    public ImageLock Lock { get; init; }

    /// <summary>
    /// True when promotions to this environment must be signed: without a trusted key for it, none is possible. Otherwise an environment
    /// without a key is unsigned, which the plan says.
    /// </summary>
    public bool RequireSigned { get; init; }

    /// <summary>
    /// The time for which a signed promotion to this environment counts for the next one; null for ever.
    /// </summary>
    public TimeSpan? PromotionsCountFor { get; init; }

    /// <summary>The name as an identifier for parameters, targets and stages: <c>west-europe</c> becomes <c>WestEurope</c>.</summary>
    public string Identifier => ToIdentifier(Name);

    /// <summary>
    /// The names of the parameters for the addresses: <c>DevRegistry</c>, or one per region, as in <c>ProdWestEuropeRegistry</c>.
    /// </summary>
    public IReadOnlyList<string> RegistryParameters =>
        Regions.Count == 0 ? [Identifier + "Registry"] : [.. Regions.Select(region => Identifier + ToIdentifier(region) + "Registry")];

    /// <summary>The name of the parameter for the signing key: <c>ProdSigningKey</c>.</summary>
    public string SigningKeyParameter => Identifier + "SigningKey";

    /// <summary>True when a promotion to this environment includes deployments or health checks.</summary>
    public bool HasHosts => Deployments.Count + HealthChecks.Count > 0;

    /// <summary>The environment variables that deployments, health checks, gates and notifications read secrets from.</summary>
    public IReadOnlyList<string> DeploymentVariables =>
        [.. Deployments.SelectMany(deployment => deployment.Variables)
            .Concat(HealthChecks.SelectMany(check => check.Variables))
            .Concat(Gates.SelectMany(gate => gate.Variables))
            .Concat(Notifications.SelectMany(channel => channel.Variables))
            .Distinct()];

    /// <summary>Returns the number of the wave of a region, from 1; null when it is in none.</summary>
    /// <param name="region">The region.</param>
    public int? WaveOf(string? region) =>
        Waves.TakeWhile(wave => !wave.Contains(region)).Count() is var before && before < Waves.Count ? before + 1 : null;

    /// <summary>Returns true when the names are equal.</summary>
    public bool Equals(PromotionEnvironment? other) => other is not null && Name == other.Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static string ToIdentifier(string name) =>
        string.Concat(name.Split('-', '_').Where(part => part.Length > 0)
            .Select(part => string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(part[0])}{part[1..]}")));
}
